#pragma once

#include "backends/registry.hpp"

namespace keelson::backends::rocksdb {

/// Stores in a RocksDB database, a folder of its own. `?cache_mib=N` sets the block cache.
[[nodiscard]] const engine& rocksdb_engine();

}  // namespace keelson::backends::rocksdb
