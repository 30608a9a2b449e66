#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include <arpa/inet.h>

#include "config/units.hpp"

namespace keelson::config {

namespace {

bool is_ipv4(const std::string& text) {
  in_addr parsed{};
  return ::inet_pton(AF_INET, text.c_str(), &parsed) == 1;
}

bool is_ipv6(const std::string& text) {
  in6_addr parsed{};
  return ::inet_pton(AF_INET6, text.c_str(), &parsed) == 1;
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return lower;
}

/// A registered name as DNS has them, or an IPv4 address, which looks the same.
bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 253 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
  });
}

bool is_port(std::string_view text) {
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto [behind, failure] = std::from_chars(text.data(), end, port);
  return failure == std::errc() && behind == end;
}

std::unexpected<error> wrong(std::string_view text, std::string_view why) {
  std::string detail = "'";
  detail.append(text).append("' ").append(why);
  return fail(errc::invalid_parameter, std::move(detail));
}

}  // namespace

result<listen_settings> parse_listen(std::string_view text) {
  constexpr std::string_view expected =
      "is not an address and a port such as 127.0.0.1:8470 or [::1]:8470";
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return wrong(text, expected);
  const auto port = text.substr(colon + 1);
  if (!is_port(port)) return wrong(text, expected);
  std::string address(text.substr(0, colon));
  if (address == "localhost") address = "127.0.0.1";
  const bool bracketed = address.starts_with('[') && address.ends_with(']');
  if (bracketed) address = address.substr(1, address.size() - 2);
  if (bracketed ? !is_ipv6(address) : !is_ipv4(address)) return wrong(text, expected);
  listen_settings listen{.address = std::move(address)};
  std::from_chars(port.data(), port.data() + port.size(), listen.port);
  return listen;
}

std::string listen_text(const listen_settings& listen) {
  const auto port = ":" + std::to_string(listen.port);
  if (listen.address.find(':') == std::string::npos) return listen.address + port;
  return "[" + listen.address + "]" + port;
}

bool is_loopback(const listen_settings& listen) {
  in_addr four{};
  if (::inet_pton(AF_INET, listen.address.c_str(), &four) == 1) {
    return (ntohl(four.s_addr) >> 24) == 127;
  }
  in6_addr six{};
  if (::inet_pton(AF_INET6, listen.address.c_str(), &six) != 1) return false;
  if (IN6_IS_ADDR_V4MAPPED(&six)) return six.s6_addr[12] == 127;
  return std::memcmp(&six, &in6addr_loopback, sizeof six) == 0;
}

result<std::string> parse_host(std::string_view text) {
  auto host = lower_case(text);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (is_name(host) || is_ipv6(host)) return host;
  return wrong(text, "is not the name or address of a host, without scheme and port");
}

result<std::string> parse_origin(std::string_view text) {
  constexpr std::string_view expected =
      "is not an origin such as https://app.example.org, with a port but no path behind it";
  auto origin = lower_case(text);
  const auto slashes = origin.find("://");
  if (slashes == std::string::npos) return wrong(text, expected);
  if (const auto scheme = origin.substr(0, slashes); scheme != "http" && scheme != "https") {
    return wrong(text, expected);
  }
  auto host = std::string_view(origin).substr(slashes + 3);
  const auto colon = host.rfind(':');
  if (colon != std::string_view::npos && !host.ends_with(']')) {
    if (!is_port(host.substr(colon + 1))) return wrong(text, expected);
    host = host.substr(0, colon);
  }
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  if (bracketed ? !is_ipv6(std::string(host.substr(1, host.size() - 2))) : !is_name(host)) {
    return wrong(text, expected);
  }
  return origin;
}

}  // namespace keelson::config
