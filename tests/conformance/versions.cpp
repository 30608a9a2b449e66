#include "tests/conformance/versions.hpp"

#include <rocksdb/version.h>
#include <sqlite3.h>

#if __has_include(<leveldb/db.h>)
#include <leveldb/db.h>
#endif

#include "tests/support/servers/mongo.hpp"
#include "tests/support/servers/postgres.hpp"
#include "tests/support/servers/redis.hpp"

namespace keelson::conformance {

namespace {

std::string numbers(int major, int minor) {
  return std::to_string(major) + '.' + std::to_string(minor);
}

/// `15.18 (Debian ...)` to `15`.
std::string first_number(const std::string& text) {
  return text.substr(0, text.find_first_not_of("0123456789"));
}

std::string redis_version() {
  const auto info = servers::redis_server::shared().cli({"INFO", "server"});
  const std::string name = "redis_version:";
  const auto at = info.find(name) + name.size();
  const auto dot = info.find('.', at);
  return info.substr(at, info.find('.', dot + 1) - at);
}

}  // namespace

std::string version_of(std::string_view scheme) {
  if (scheme == "sqlite")
    return "SQLite " +
           numbers(SQLITE_VERSION_NUMBER / 1'000'000, SQLITE_VERSION_NUMBER / 1000 % 1000);
  if (scheme == "rocksdb") return "RocksDB " + numbers(ROCKSDB_MAJOR, ROCKSDB_MINOR);
#if __has_include(<leveldb/db.h>)
  if (scheme == "leveldb")
    return "LevelDB " + numbers(leveldb::kMajorVersion, leveldb::kMinorVersion);
#endif
  if (scheme == "postgresql") {
    auto& server = servers::postgres_server::shared();
    return "PostgreSQL " + first_number(server.run(server.url("postgres"), "SHOW server_version"));
  }
  if (scheme == "mongodb") return servers::mongo_server::version();
  if (scheme == "redis") return "Redis " + redis_version();
  return "itself";
}

}  // namespace keelson::conformance
