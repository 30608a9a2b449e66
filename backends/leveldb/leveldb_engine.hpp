#pragma once

#include "backends/registry.hpp"

namespace keelson::backends::leveldb {

/// Stores in a LevelDB database, a folder of its own. `?cache_mib=N` sets the block cache.
[[nodiscard]] const engine& leveldb_engine();

}  // namespace keelson::backends::leveldb
