#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocols/http/scope.hpp"
#include "protocols/model/error.hpp"
#include "protocols/model/hash.hpp"

namespace keelson::http {

/// A caller who may use the service.
struct access_token {
  std::string name;  ///< the principal of its requests
  http::scope scope = http::scope::read;
  hash256 secret;  ///< SHA-256 of the token's text, which is kept nowhere
};

/// Who may do what. Without a token in it everybody may do everything.
class token_table {
 public:
  explicit token_table(std::vector<access_token> tokens = {}) : tokens_(std::move(tokens)) {}

  /// The principal of a caller that shows `text`: unauthenticated when no token is like it,
  /// forbidden when its scope is less than `needed`. Takes the same time for every text, right or
  /// wrong: its hash is compared with each one, to the last byte.
  [[nodiscard]] result<std::string_view> admit(std::string_view text, scope needed) const;

 private:
  std::vector<access_token> tokens_;
};

/// The text of `Bearer TEXT` (RFC 6750, 2.1); empty for anything else.
[[nodiscard]] std::string_view bearer_text(std::string_view authorization) noexcept;

}  // namespace keelson::http
