#pragma once

#include <string_view>

#include "protocols/model/error.hpp"

namespace keelson::wire {

/// The code that a client is shown: those of the stores are `unavailable` to it.
[[nodiscard]] errc shown_code(errc code) noexcept;

/// The HTTP status of a code (api.md, Errors).
[[nodiscard]] unsigned status_of(errc code) noexcept;

/// The phrase of RFC 9110, section 15, for a status that this service sends.
[[nodiscard]] std::string_view reason_phrase(unsigned status) noexcept;

}  // namespace keelson::wire
