#include "protocols/client/endpoint.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include <boost/url/encode.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

namespace keelson::client {

namespace urls = boost::urls;

namespace {

/// The library's own number is what is left of it in 16 bits.
bool is_port(std::string_view digits) {
  std::uint16_t number = 0;
  const auto* const end = digits.data() + digits.size();
  const auto [read, failure] = std::from_chars(digits.data(), end, number);
  return failure == std::errc() && read == end && number != 0;
}

/// Whatever it is: what may be a user, a password or a query is not repeated.
std::string without_secrets(std::string_view url) {
  const auto start = url.find("://");
  const auto from = start == url.npos ? 0 : start + 3;
  std::string shown(url.substr(0, std::min(url.find_first_of("?#", from), url.size())));
  if (const auto at = shown.rfind('@'); at != shown.npos && at >= from)
    shown.replace(from, at - from, "***");
  return shown;
}

}  // namespace

result<endpoint> parse_endpoint(std::string_view url) {
  const auto refuse = [&](std::string_view why) {
    return fail(errc::invalid_parameter,
                "the URL \"" + without_secrets(url) + "\" " + std::string(why));
  };
  const auto parsed = urls::parse_uri(url);
  if (!parsed || !parsed->has_authority() || parsed->encoded_host().empty())
    return refuse("is not of the form http://HOST:PORT");
  const bool tls = parsed->scheme_id() == urls::scheme::https;
  if (!tls && parsed->scheme_id() != urls::scheme::http) return refuse("is neither http nor https");
  if (parsed->has_userinfo() || parsed->has_query() || parsed->has_fragment())
    return refuse("must have no user, query or fragment");
  if (parsed->has_port() && !parsed->port().empty() && !is_port(parsed->port()))
    return refuse("has a port that is not 1 to 65535");

  endpoint found;
  found.security = tls ? transport::tls : transport::plain;
  found.host = parsed->host_address();
  found.port = parsed->has_port() && !parsed->port().empty() ? std::string(parsed->port())
                                                             : (tls ? "443" : "80");
  found.authority = std::string(parsed->encoded_host_and_port());
  found.base = std::string(parsed->encoded_path());
  while (found.base.ends_with('/')) found.base.pop_back();
  return found;
}

std::string percent_encode(std::string_view text) {
  return urls::encode(text, urls::unreserved_chars);
}

std::string document_target(std::string_view collection, std::string_view key) {
  return "/v1/kv/" + percent_encode(collection) + "/" + percent_encode(key);
}

query_builder& query_builder::add(std::string_view name, std::string_view value) {
  if (value.empty()) return *this;
  text_ += text_.empty() ? '?' : '&';
  text_ += std::string(name) + "=" + percent_encode(value);
  return *this;
}

}  // namespace keelson::client
