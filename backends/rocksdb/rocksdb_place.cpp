#include "backends/rocksdb/rocksdb_place.hpp"

#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include <rocksdb/db.h>

#include "backends/ordered_kv/kv_store.hpp"
#include "backends/rocksdb/rocksdb_kv.hpp"
#include "backends/rocksdb/rocksdb_options.hpp"
#include "backends/rocksdb/rocksdb_status.hpp"

namespace keelson::backends::rocksdb {

namespace {

namespace fs = std::filesystem;

std::unexpected<error> cannot(std::string_view what, const fs::path& path, std::error_code why) {
  return fail(errc::store_io,
              "cannot " + std::string(what) + " " + path.string() + ": " + why.message());
}

place foreign(std::string reason) {
  return {.what = place::kind::foreign, .reason = std::move(reason)};
}

/// Whether a file may be left of a creation that was cut short before there was a CURRENT file.
/// Data comes into a database only later, in other files.
bool is_left_of_creation(const fs::directory_entry& entry) {
  std::error_code ignored;
  if (!entry.is_regular_file(ignored)) return false;
  const auto name = entry.path().filename().string();
  return name == "LOCK" || name == "IDENTITY" || name.starts_with("LOG") ||
         name.starts_with("MANIFEST-") || name.ends_with(".dbtmp");
}

/// What a folder without a CURRENT file is.
result<place> look_at_files(const fs::path& folder) {
  std::error_code failure;
  fs::directory_iterator at(folder, failure);
  for (; !failure && at != fs::directory_iterator(); at.increment(failure)) {
    if (!is_left_of_creation(*at)) {
      return foreign("a folder that is no RocksDB database and holds '" +
                     at->path().filename().string() + "'");
    }
  }
  if (failure) return cannot("list", folder, failure);
  return place{};
}

result<place> look_at_database(const fs::path& folder) {
  const auto options = looking_options();
  std::vector<std::string> families;
  auto status = ::rocksdb::DB::ListColumnFamilies(options, folder.string(), &families);
  if (!status.ok()) return failed("looking", status);
  if (families.size() > 1)
    return foreign("a RocksDB database with column families, as ours has not");

  ::rocksdb::DB* raw = nullptr;
  status = ::rocksdb::DB::OpenForReadOnly(options, folder.string(), &raw);
  if (status.IsInvalidArgument() || status.IsNotSupported()) {
    return foreign("a RocksDB database of another make: " + status.ToString());
  }
  if (!status.ok()) return failed("looking", status);
  const std::unique_ptr<::rocksdb::DB> database(raw);
  return ordered_kv::look(*view_of(*database));
}

}  // namespace

result<place> look_at(const fs::path& path) {
  std::error_code failure;
  const auto what = fs::status(path, failure);
  if (what.type() == fs::file_type::not_found) return place{};
  if (failure) return cannot("look at", path, failure);
  if (what.type() != fs::file_type::directory) return foreign("not a folder");
  const bool has_current = fs::exists(path / "CURRENT", failure);
  if (failure) return cannot("look at", path, failure);
  return has_current ? look_at_database(path) : look_at_files(path);
}

}  // namespace keelson::backends::rocksdb
