#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace keelson::client {

using http_fields = std::vector<std::pair<std::string, std::string>>;

struct http_request {
  std::string method = "GET";
  std::string target;  ///< path and query, percent-encoded, without the base path of the URL
  http_fields fields;
  std::string body;
  std::chrono::seconds timeout{75};  ///< beyond the 60 s that the service may take at most
};

struct http_response {
  int status = 0;
  http_fields fields;
  std::string body;

  /// The first field of that name in any case; empty if there is none.
  [[nodiscard]] std::string_view field(std::string_view name) const noexcept;
};

}  // namespace keelson::client
