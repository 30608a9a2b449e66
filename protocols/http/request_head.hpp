#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace keelson::http {

enum class method : std::uint8_t { get, head, put, post, patch, remove, options, other };

[[nodiscard]] std::string_view to_string(method of) noexcept;

/// The head of one request, as views into what was read. A header that is absent is empty; one
/// that is of use here and comes twice is refused before a handler sees it.
struct request_head {
  http::method method = http::method::other;
  std::string_view path;   ///< still percent-encoded
  std::string_view query;  ///< behind the `?`, still percent-encoded
  bool http_1_1 = true;
  bool has_body = false;

  std::string_view host;
  std::string_view origin;
  std::string_view content_type;
  std::string_view content_encoding;
  std::string_view accept;
  std::string_view if_match;
  std::string_view if_none_match;
  std::string_view idempotency_key;
  std::string_view request_id;
  std::string_view traceparent;
  std::string_view authorization;
  std::string_view last_event_id;
  std::string_view upgrade;  ///< the protocol asked for
  std::string_view websocket_key;
  std::string_view websocket_version;
  std::string_view expect;
  std::string_view cors_method;  ///< Access-Control-Request-Method
};

/// What may be repeated in answers and in the log: 1 to 64 letters, digits, `.`, `_` and `-`.
[[nodiscard]] bool is_plain_id(std::string_view text) noexcept;

}  // namespace keelson::http
