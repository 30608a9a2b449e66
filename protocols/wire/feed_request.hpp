#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocols/messages/feed_request.hpp"
#include "protocols/model/change_filter.hpp"
#include "protocols/model/error.hpp"
#include "protocols/wire/feed_selection.hpp"

namespace keelson::wire {

inline constexpr std::size_t max_subscription_id_bytes = 256;
inline constexpr std::size_t max_filter_collections = 256;

/// A position, `now` or `start`. Fails with invalid_position.
[[nodiscard]] result<messages::since> parse_since(std::string_view text);

/// A filter with its collections sorted and each there once. Fails with invalid_collection or
/// invalid_parameter (more than max_filter_collections).
[[nodiscard]] result<change_filter> make_filter(std::vector<std::string> collections,
                                                std::string prefix);

enum class snapshot_wish : std::uint8_t { none, wanted };

struct subscribe_request {
  std::string id;
  change_filter filter;
  messages::since since;
  snapshot_wish snapshot = snapshot_wish::none;
  change_values values = change_values::with;
};
struct unsubscribe_request {
  std::string id;
};
struct ping_request {};
using client_frame = std::variant<subscribe_request, unsubscribe_request, ping_request>;

/// A frame that was not understood, with its id as far as it has one.
struct frame_problem {
  std::string id;
  error why;
};

/// One text frame of a WebSocket client (docs: "Changes", 3). Unknown members are refused, as
/// unknown query parameters are.
[[nodiscard]] std::expected<client_frame, frame_problem> parse_client_frame(std::string_view text);

}  // namespace keelson::wire
