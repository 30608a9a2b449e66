#pragma once

#include <string>
#include <string_view>

#include "protocols/model/error.hpp"

namespace keelson::client {

enum class transport { plain, tls };

/// Where a service is, from a URL such as http://127.0.0.1:8470 or https://[::1]:8470/behind/proxy.
struct endpoint {
  transport security = transport::plain;
  std::string host;       ///< without brackets
  std::string port;       ///< a number
  std::string authority;  ///< for the Host field
  std::string base;       ///< goes before every path; no slash at its end
};

/// Fails with invalid_parameter unless `url` is http or https without user, query and fragment.
[[nodiscard]] result<endpoint> parse_endpoint(std::string_view url);

/// RFC 3986: everything but the unreserved characters as %XX, also `/`.
[[nodiscard]] std::string percent_encode(std::string_view text);

/// The path of a document.
[[nodiscard]] std::string document_target(std::string_view collection, std::string_view key);

/// `a=b&c=d` from pairs, those with an empty value left out; with `?` in front if not empty.
class query_builder {
 public:
  query_builder& add(std::string_view name, std::string_view value);
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  std::string text_;
};

}  // namespace keelson::client
