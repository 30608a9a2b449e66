#pragma once

#include <string_view>

namespace keelson::wire {

/// True if a Content-Type names this media type, whatever its parameters (RFC 9110, 8.3).
[[nodiscard]] bool is_media_type(std::string_view content_type, std::string_view wanted) noexcept;

/// True if an Accept header names this media type itself (not by a wildcard) and does not give it
/// the weight 0: how a client asks for a form that is not the default.
[[nodiscard]] bool accepts_explicitly(std::string_view accept, std::string_view wanted) noexcept;

}  // namespace keelson::wire
