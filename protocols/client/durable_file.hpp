#pragma once

#include <filesystem>
#include <string>

#include "protocols/model/error.hpp"

namespace keelson::client {

/// Replaces a small file as a whole, durably: a reader sees the old one or the new one. Folders
/// that are missing are made. Fails with store_io.
[[nodiscard]] result<void> replace_durably(const std::filesystem::path& path,
                                           const std::string& text);

/// Where states lie that have no place of their own: $XDG_STATE_HOME or ~/.local/state.
[[nodiscard]] std::filesystem::path state_home();

}  // namespace keelson::client
