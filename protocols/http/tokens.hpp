#pragma once

#include <span>
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

/// The token whose secret is `shown`, or null. Whichever it is, `same` is asked of every one.
template <class Same>
[[nodiscard]] const access_token* find_token(std::span<const access_token> in, const hash256& shown,
                                             Same same) {
  const access_token* found = nullptr;
  for (const access_token& each : in) {
    if (same(each.secret, shown)) found = &each;
  }
  return found;
}

/// Who may do what. Without a token in it everybody may do everything.
class token_table {
 public:
  explicit token_table(std::vector<access_token> tokens = {}) : tokens_(std::move(tokens)) {}

  /// The principal of a caller that shows `text`: unauthenticated when no token is like it,
  /// forbidden when its scope is less than `needed`. Takes the same time for every text, right or
  /// wrong: the hashes of all are compared with its own, to the last byte.
  [[nodiscard]] result<std::string_view> admit(std::string_view text, scope needed) const;

 private:
  std::vector<access_token> tokens_;
};

/// The text of `Bearer TEXT` (RFC 6750, 2.1); empty for anything else.
[[nodiscard]] std::string_view bearer_text(std::string_view authorization) noexcept;

}  // namespace keelson::http
