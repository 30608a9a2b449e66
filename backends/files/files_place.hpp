#pragma once

#include <filesystem>

#include "backends/registry.hpp"

namespace keelson::backends::files {

/// What is not for people, in the folder of the files.
[[nodiscard]] inline std::filesystem::path own_folder(const std::filesystem::path& folder) {
  return folder / ".keelson";
}
[[nodiscard]] inline std::filesystem::path mark_file(const std::filesystem::path& folder) {
  return own_folder(folder) / "keelson.json";
}
/// What file_lock is taken beside.
[[nodiscard]] inline std::filesystem::path lock_place(const std::filesystem::path& folder) {
  return own_folder(folder) / "store";
}

/// What lies at a path, without a lock and without changing anything. Empty are an absent or empty
/// folder and what a creation that was cut short left behind; a folder with anything else and
/// without our mark is foreign. Fails with store_io for what cannot be looked at.
[[nodiscard]] result<place> look_at(const std::filesystem::path& folder);

}  // namespace keelson::backends::files
