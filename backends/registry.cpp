#include "backends/registry.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "backends/files/files_engine.hpp"
#include "backends/leveldb/leveldb_engine.hpp"
#include "backends/location.hpp"
#include "backends/memory/memory_engine.hpp"
#include "backends/mongo/mongo_engine.hpp"
#ifdef KEELSON_POSTGRES
#include "backends/postgres/postgres_engine.hpp"
#endif
#ifdef KEELSON_REDIS
#include "backends/redis/redis_engine.hpp"
#endif
#include "backends/rocksdb/rocksdb_engine.hpp"
#include "backends/sqlite/sqlite_engine.hpp"

namespace keelson::backends {

namespace {

// A driver that needs a library is null where its KEELSON_<NAME> is not defined.
using engine_function = const engine& (*)();
#ifdef KEELSON_LEVELDB
constexpr engine_function leveldb_driver = &leveldb::leveldb_engine;
#else
constexpr engine_function leveldb_driver = nullptr;
#endif
#ifdef KEELSON_POSTGRES
constexpr engine_function postgres_driver = &postgres::postgres_engine;
#else
constexpr engine_function postgres_driver = nullptr;
#endif
#ifdef KEELSON_REDIS
constexpr engine_function redis_driver = &redis::redis_engine;
#else
constexpr engine_function redis_driver = nullptr;
#endif
#ifdef KEELSON_MONGO
constexpr engine_function mongo_driver = &mongo::mongo_engine;
#else
constexpr engine_function mongo_driver = nullptr;
#endif

std::unexpected<error> no_engine(std::string detail, std::span<const driver> among) {
  const auto* separator = "; known are ";
  for (const auto& each : among) {
    if (each.in_build == nullptr) continue;
    detail.append(std::exchange(separator, ", ")).append(each.scheme).append(":");
  }
  return fail(errc::invalid_parameter, std::move(detail));
}

}  // namespace

std::span<const driver> drivers() {
  static constexpr std::array table{
      driver{.scheme = "sqlite", .in_build = &sqlite::sqlite_engine},
      driver{.scheme = "rocksdb", .in_build = &rocksdb::rocksdb_engine},
      driver{.scheme = "leveldb",
             .package = "libleveldb-dev",
             .option = "KEELSON_LEVELDB",
             .in_build = leveldb_driver},
      driver{.scheme = "postgresql",
             .alias = "postgres",
             .package = "libpq-dev",
             .option = "KEELSON_POSTGRES",
             .in_build = postgres_driver},
      driver{.scheme = "file", .in_build = &files::files_engine},
      driver{.scheme = "redis",
             .alias = "rediss",
             .package = "libhiredis-dev",
             .option = "KEELSON_REDIS",
             .in_build = redis_driver},
      driver{.scheme = "mongodb",
             .alias = "mongodb+srv",
             .package = "libmongoc-dev",
             .option = "KEELSON_MONGO",
             .in_build = mongo_driver},
      driver{.scheme = "memory", .in_build = &memory::memory_engine},
  };
  return table;
}

std::vector<const engine*> engines() {
  std::vector<const engine*> built;
  for (const auto& each : drivers()) {
    if (each.in_build != nullptr) built.push_back(&each.in_build());
  }
  return built;
}

result<const engine*> engine_for(std::string_view url, std::span<const driver> among) {
  const auto scheme = scheme_of(url);
  if (scheme.empty())
    return no_engine("the store URL '" + without_secrets(url) + "' has no scheme", among);
  const auto found = std::ranges::find_if(
      among, [&](const driver& each) { return each.scheme == scheme || each.alias == scheme; });
  if (found == among.end()) {
    return no_engine("no engine of this build has the scheme '" + scheme + ":'", among);
  }
  if (found->in_build == nullptr) {
    std::string detail = "this build has no driver for '" + scheme + ":'; install ";
    detail.append(found->package).append(" and build with -D").append(found->option).append("=ON");
    return fail(errc::invalid_parameter, std::move(detail));
  }
  return &found->in_build();
}

}  // namespace keelson::backends
