#pragma once

#include <filesystem>
#include <memory>

#include <leveldb/env.h>

namespace keelson::backends::leveldb {

/// What LevelDB reports, in the log of the process: faults as warnings, the rest for who looks for
/// it. A file of its own, as it keeps by default, would grow on the disk of the database.
[[nodiscard]] std::unique_ptr<::leveldb::Logger> process_log(const std::filesystem::path& folder);

}  // namespace keelson::backends::leveldb
