#pragma once

#include <string_view>

namespace keelson::config {

/// What stands below the help of a command: how it is used, a line each.
[[nodiscard]] std::string_view examples_of(std::string_view command) noexcept;

}  // namespace keelson::config
