#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "protocols/model/error.hpp"

namespace keelson::wire {

/// `5s`, `500ms`, or plain seconds. invalid_parameter for anything else, for nothing at all, and
/// beyond `most`; `name` is the parameter's.
[[nodiscard]] result<std::chrono::milliseconds> parse_duration(std::string_view name,
                                                               std::string_view text,
                                                               std::chrono::milliseconds most);

/// A whole number from `least` to `most`.
[[nodiscard]] result<std::uint64_t> parse_count(std::string_view name, std::string_view text,
                                                std::uint64_t least, std::uint64_t most);

}  // namespace keelson::wire
