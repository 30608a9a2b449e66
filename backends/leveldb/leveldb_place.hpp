#pragma once

#include <filesystem>

#include "backends/registry.hpp"

namespace keelson::backends::leveldb {

/// Beside the database's own files, which LevelDB opens only to write.
inline constexpr const char* mark_name = "keelson.json";

/// Whether a database was begun at the path.
[[nodiscard]] bool has_database(const std::filesystem::path& path);

/// What lies at a path, without a lock, without opening, creating or changing anything: our mark is
/// a file beside the database's own. Empty are an absent or empty folder and what a creation that
/// was cut short left behind; a database without the mark is foreign.
///
/// Fails with store_io for what cannot be looked at.
[[nodiscard]] result<place> look_at(const std::filesystem::path& path);

}  // namespace keelson::backends::leveldb
