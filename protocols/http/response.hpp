#pragma once

#include <string>
#include <string_view>

#include "protocols/model/error.hpp"

namespace keelson::http {

inline constexpr std::string_view json_type = "application/json";
inline constexpr std::string_view ndjson_type = "application/x-ndjson";
inline constexpr std::string_view event_stream_type = "text/event-stream";
inline constexpr std::string_view merge_patch_type = "application/merge-patch+json";
inline constexpr std::string_view problem_type = "application/problem+json";

/// An answer. Length, date and request id are added when it is sent.
struct response {
  enum class kind : unsigned char { whole, streamed, upgraded };

  unsigned status = 200;
  std::string_view content_type;  ///< static text; empty: none
  std::string headers;            ///< whole lines, each with its CRLF
  std::string body;
  kind what = kind::whole;

  [[nodiscard]] static response json(unsigned status, std::string body) {
    return {.status = status, .content_type = json_type, .body = std::move(body)};
  }
  /// What a handler returns that has sent the answer itself.
  [[nodiscard]] static response streamed() { return {.what = kind::streamed}; }
  [[nodiscard]] static response upgraded() { return {.what = kind::upgraded}; }

  void add_header(std::string_view name, std::string_view value) {
    headers.append(name).append(": ").append(value).append("\r\n");
  }
};

/// A failure as a problem document, with the headers that go with its status.
[[nodiscard]] response problem_response(const error& why);

}  // namespace keelson::http
