#pragma once

#include <cstdint>
#include <string_view>

namespace keelson::http {

/// What a route needs and a token gives; each holds the ones before it.
enum class scope : std::uint8_t { none, read, write, admin };

[[nodiscard]] constexpr std::string_view to_string(scope of) noexcept {
  switch (of) {
    case scope::read:
      return "read";
    case scope::write:
      return "write";
    case scope::admin:
      return "admin";
    case scope::none:
      break;
  }
  return "none";
}

}  // namespace keelson::http
