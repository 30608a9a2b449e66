#pragma once

#include <filesystem>
#include <memory>

#include <rocksdb/env.h>

namespace keelson::backends::rocksdb {

/// What RocksDB warns of, in the log of the process. A file of its own, as it keeps by default,
/// lies on the disk of the database: if that is full, RocksDB 7.8 runs into an assertion at the
/// second message that it cannot write, which Debian compiles in, and the process ends.
[[nodiscard]] std::shared_ptr<::rocksdb::Logger> process_log(const std::filesystem::path& folder);

}  // namespace keelson::backends::rocksdb
