#include "backends/rocksdb/rocksdb_status.hpp"

#include <string>

namespace keelson::backends::rocksdb {

namespace {

/// The library has no code of its own for a lock that is held; these are its words for one held by
/// another process and by this one.
bool is_locked(const std::string& text) {
  return text.find("While lock file") != std::string::npos ||
         text.find("lock hold by current process") != std::string::npos;
}

}  // namespace

bool is_out_of_space(const ::rocksdb::Status& status) {
  return status.IsNoSpace() && status.ToString().find("While appending") != std::string::npos;
}

std::unexpected<error> failed(std::string_view doing, const ::rocksdb::Status& status) {
  const auto text = status.ToString();
  if (is_locked(text)) {
    return fail(errc::unavailable,
                "the database is open elsewhere, in another process or in this "
                "one: " +
                    text);
  }
  const auto code = is_out_of_space(status) ? errc::storage_full
                    : status.IsCorruption() ? errc::store_corrupt
                                            : errc::store_io;
  return fail(code, "RocksDB, " + std::string(doing) + ": " + text);
}

}  // namespace keelson::backends::rocksdb
