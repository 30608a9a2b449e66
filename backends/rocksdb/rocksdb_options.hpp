#pragma once

#include <cstddef>

#include <rocksdb/options.h>

namespace keelson::backends::rocksdb {

inline constexpr std::size_t default_cache_mib = 64;

/// How we open a database that we write.
[[nodiscard]] ::rocksdb::Options writing_options(std::size_t cache_mib);

/// How we look into one without changing it.
[[nodiscard]] ::rocksdb::Options looking_options();

}  // namespace keelson::backends::rocksdb
