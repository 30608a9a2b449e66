#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "protocols/model/document.hpp"
#include "protocols/model/error.hpp"
#include "protocols/wire/feed_selection.hpp"

/// The frames that a WebSocket client gets, and the events of a server-sent stream
/// (docs: "Changes", 2 and 3).
namespace keelson::wire {

/// A frame is closed at this size; one larger change or document goes alone and whole.
inline constexpr std::size_t max_frame_bytes = std::size_t{256} << 10;
/// For what stands around the changes or documents of a frame, with the longest id.
inline constexpr std::size_t frame_envelope_bytes = 2048;

[[nodiscard]] std::string subscribed_frame(std::string_view id, const position& at);
[[nodiscard]] std::string position_frame(std::string_view id, const position& at);
[[nodiscard]] std::string live_frame(std::string_view id, const position& at);
/// `{"type":"changes","id":…,"changes":`; what follows is shared by all who get the same changes.
[[nodiscard]] std::string changes_frame_head(std::string_view id);
/// As many of `documents` as fit, at least one; they are taken off the span.
[[nodiscard]] std::string documents_frame(std::string_view id, std::span<const document>& documents,
                                          change_values values);
/// The last frame of an id; empty positions are left out.
[[nodiscard]] std::string closed_frame(std::string_view id, std::string_view code,
                                       std::string_view oldest, const position& at);
[[nodiscard]] std::string error_frame(std::string_view id, std::string_view code,
                                      std::string_view detail);
[[nodiscard]] std::string_view pong_frame() noexcept;

[[nodiscard]] std::string position_event(const position& at);
/// Tells a browser not to come back soon: it cannot read a 410 and would retry for ever.
[[nodiscard]] std::string closed_event(std::string_view code, std::string_view oldest);

}  // namespace keelson::wire
