#include "backends/leveldb/leveldb_status.hpp"

#include <cerrno>
#include <cstring>
#include <string>

namespace keelson::backends::leveldb {

namespace {

/// The library has no code of its own for a lock that is held; its words begin so, whether another
/// process or this one holds it.
bool is_locked(const std::string& text) {
  return text.starts_with("IO error: lock ");
}

}  // namespace

bool is_out_of_space(const ::leveldb::Status& status) {
  const auto text = status.ToString();
  return status.IsIOError() &&
         (text.ends_with(std::strerror(ENOSPC)) || text.ends_with(std::strerror(EDQUOT)));
}

std::unexpected<error> failed(std::string_view doing, const ::leveldb::Status& status) {
  const auto text = status.ToString();
  if (is_locked(text)) {
    return fail(errc::unavailable,
                "the database is open elsewhere, in another process or in this one: " + text);
  }
  const auto code = is_out_of_space(status) ? errc::storage_full
                    : status.IsCorruption() ? errc::store_corrupt
                                            : errc::store_io;
  return fail(code, "LevelDB, " + std::string(doing) + ": " + text);
}

}  // namespace keelson::backends::leveldb
