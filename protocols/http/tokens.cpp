#include "protocols/http/tokens.hpp"

#include <boost/beast/core/string.hpp>
#include <openssl/crypto.h>

namespace keelson::http {

result<std::string_view> token_table::admit(std::string_view text, scope needed) const {
  constexpr std::string_view anonymous = "anonymous";
  if (tokens_.empty() || needed == scope::none) return anonymous;
  const auto same = [](const hash256& a, const hash256& b) {
    return CRYPTO_memcmp(a.bytes.data(), b.bytes.data(), a.bytes.size()) == 0;
  };
  const access_token* const found = find_token(tokens_, hash_value(text), same);
  if (found == nullptr) {
    return fail(errc::unauthenticated, text.empty() ? "this service wants a bearer token"
                                                    : "this token is not known here");
  }
  if (found->scope < needed) {
    return fail(errc::forbidden, "this takes a token with the scope " +
                                     std::string(to_string(needed)) + "; this one has " +
                                     std::string(to_string(found->scope)));
  }
  return std::string_view(found->name);
}

std::string_view bearer_text(std::string_view authorization) noexcept {
  constexpr std::string_view scheme = "bearer ";
  if (authorization.size() <= scheme.size()) return {};
  const std::string_view given = authorization.substr(0, scheme.size());
  if (!boost::beast::iequals({given.data(), given.size()}, {scheme.data(), scheme.size()}))
    return {};
  std::string_view text = authorization.substr(scheme.size());
  while (text.starts_with(' ')) text.remove_prefix(1);
  return text;
}

}  // namespace keelson::http
