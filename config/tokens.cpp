#include "config/tokens.hpp"

#include <algorithm>
#include <array>

#include "config/setting_kinds.hpp"
#include "config/small_file.hpp"

namespace keelson::config {

namespace {

/// Nothing of what was given is repeated: it may be the secret.
std::unexpected<error> not_a_token(std::string_view why) {
  return fail(errc::invalid_parameter,
              "a token is given as NAME:SCOPE:SECRET or NAME:SCOPE:@FILE: " + std::string(why));
}

result<std::string> read_secret(const std::string& path) {
  constexpr std::size_t most = 4096;
  auto secret = read_small_file(path, most);
  if (!secret)
    return fail(errc::invalid_parameter, "the token's file " + path + " " + secret.error().detail);
  while (secret->ends_with('\n') || secret->ends_with('\r')) secret->pop_back();
  return secret;
}

/// What a header can carry (RFC 6750, 2.1).
bool is_secret(std::string_view text) {
  constexpr std::size_t longest = 1024;
  constexpr std::string_view others = "-._~+/=:";
  return !text.empty() && text.size() <= longest && std::ranges::all_of(text, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           others.contains(c);
  });
}

result<token_settings> parse_token(std::string_view text) {
  const auto first = text.find(':');
  const auto second = text.find(':', std::min(text.size(), first + 1));
  if (first == text.npos || second == text.npos) return not_a_token("there are not three parts");
  auto name = parse_store_name(text.substr(0, first));
  if (!name) return not_a_token("the name has lower-case letters, digits, '_' and '-'");
  const auto scope = parse_token_scope(text.substr(first + 1, second - first - 1));
  if (!scope) return not_a_token("the scope is read, write or admin");
  std::string secret(text.substr(second + 1));
  if (secret.starts_with('@')) {
    auto read = read_secret(secret.substr(1));
    if (!read) return pass_on(std::move(read));
    secret = *std::move(read);
  }
  if (!is_secret(secret)) {
    return not_a_token("the secret has 1 to 1024 letters, digits and -._~+/=:");
  }
  return token_settings{*std::move(name), *scope, std::move(secret)};
}

}  // namespace

result<std::string> token_text(std::string_view given) {
  std::string text(given);
  if (text.starts_with('@')) {
    auto read = read_secret(text.substr(1));
    if (!read) return read;
    text = *std::move(read);
  }
  if (text.empty() && given.empty()) return text;
  if (is_secret(text)) return text;
  return fail(errc::invalid_parameter, "a token has 1 to 1024 letters, digits and -._~+/=:");
}

result<void> store_tokens(settings& into, std::span<const std::string> items) {
  std::vector<token_settings> parsed;
  for (const std::string& item : items) {
    auto one = parse_token(item);
    if (!one) return pass_on(std::move(one));
    for (const auto& other : parsed) {
      if (other.name == one->name) return not_a_token("two are named " + one->name);
      if (other.secret == one->secret) return not_a_token("two have the same secret");
    }
    parsed.push_back(*std::move(one));
  }
  into.auth.tokens = std::move(parsed);
  return {};
}

std::string show_tokens(const settings& from) {
  std::string words;
  for (const auto& each : from.auth.tokens) {
    words.append(words.empty() ? "" : " ").append(each.name).append(":");
    words.append(to_string(each.scope)).append(":***");
  }
  return words.empty() ? "none" : words;
}

}  // namespace keelson::config
