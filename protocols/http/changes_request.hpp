#pragma once

#include <chrono>
#include <cstddef>
#include <memory>

#include "actors/feed/feed_cursor.hpp"
#include "protocols/http/handler.hpp"
#include "protocols/messages/feed_request.hpp"

namespace keelson::http {

/// What `GET /v1/changes` asks for.
struct changes_request {
  std::shared_ptr<const feed::feed_interest> interest;
  messages::since since;
  std::size_t limit = 0;
  std::chrono::milliseconds wait{0};
};
/// Of a page or of server-sent events, by the form; there Last-Event-ID beats `since`.
[[nodiscard]] result<changes_request> changes_request_of(const exchange& with,
                                                         feed::change_form form);

/// The three transports of the feed.
[[nodiscard]] task<result<response>> send_changes_page(exchange& with);
[[nodiscard]] task<result<response>> send_changes_events(exchange& with);
[[nodiscard]] task<result<response>> serve_changes_socket(exchange& with);

}  // namespace keelson::http
