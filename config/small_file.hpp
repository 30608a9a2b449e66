#pragma once

#include <cstddef>
#include <string>

#include "protocols/model/error.hpp"

namespace keelson::config {

/// The content of a file that a person wrote. Fails with invalid_parameter and what is to be said
/// of it, such as `is not a file`, for what is none, has more than `most` bytes, or cannot be read;
/// never waits for more to come.
[[nodiscard]] result<std::string> read_small_file(const std::string& path, std::size_t most);

}  // namespace keelson::config
