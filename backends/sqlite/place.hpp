#pragma once

#include <filesystem>

#include "backends/store.hpp"

namespace keelson::backends::sqlite {

/// What lies at a path. Creates and writes nothing, neither the file nor any beside it.
[[nodiscard]] result<place> inspect_file(const std::filesystem::path& file);

}  // namespace keelson::backends::sqlite
