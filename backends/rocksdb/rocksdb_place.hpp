#pragma once

#include <filesystem>

#include "backends/registry.hpp"

namespace keelson::backends::rocksdb {

/// What lies at a path, without a lock, without creating or changing anything: the database is
/// opened for reading only, and our mark read inside it. There is no second mark beside the
/// database that could contradict the first. Empty are an absent or empty folder, a database
/// without any key, and what a creation that was cut short left behind.
///
/// Fails with store_corrupt for a database that cannot be read, and store_io for what cannot be
/// looked at.
[[nodiscard]] result<place> look_at(const std::filesystem::path& path);

}  // namespace keelson::backends::rocksdb
