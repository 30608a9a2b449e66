#pragma once

#include <filesystem>

#include "protocols/model/error.hpp"

namespace keelson::backends {

/// Makes the entries of a folder lasting. Fails with store_io.
[[nodiscard]] result<void> sync_folder(const std::filesystem::path& path);

/// Makes the folder, and its entry in the folders above it lasting. Fails with store_io.
[[nodiscard]] result<void> make_folder(const std::filesystem::path& path);

}  // namespace keelson::backends
