#include "backends/registry.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "backends/location.hpp"
#include "backends/memory/memory_engine.hpp"
#include "backends/rocksdb/rocksdb_engine.hpp"
#include "backends/sqlite/sqlite_engine.hpp"

namespace keelson::backends {

std::span<const engine> engines() {
  static const std::array table{
      sqlite::sqlite_engine(),
      rocksdb::rocksdb_engine(),
      memory::memory_engine(),
  };
  return table;
}

result<const engine*> engine_for(std::string_view url) {
  const auto scheme = scheme_of(url);
  const auto found = std::ranges::find(engines(), scheme, &engine::scheme);
  if (found != engines().end()) return &*found;
  std::string known;
  for (const auto& each : engines()) {
    known.append(known.empty() ? "" : ", ").append(each.scheme).append(":");
  }
  return fail(errc::invalid_parameter,
              (scheme.empty() ? "the store URL '" + without_secrets(url) + "' has no scheme"
                              : "no engine of this build has the scheme '" + scheme + ":'") +
                  "; known are " + known);
}

}  // namespace keelson::backends
