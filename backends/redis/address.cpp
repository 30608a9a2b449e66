#include "backends/redis/address.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <utility>

#include "backends/location.hpp"

namespace keelson::backends::redis {

namespace {

constexpr std::string_view usual_port = "6379";
constexpr std::string_view usual_sentinel_port = "26379";
constexpr std::array<std::string_view, 9> parameters{
    "prefix", "sentinel", "sentinel_user", "sentinel_password",  "cacert",
    "cert",   "key",      "timeout_ms",    "connect_timeout_ms",
};

std::unexpected<error> refused(const redis_address& of, std::string_view why) {
  std::string detail = "the store URL '" + of.shown + "' ";
  return fail(errc::invalid_parameter, std::move(detail.append(why)));
}

template <class Number>
bool read_number(std::string_view text, Number& number) {
  const auto* const end = text.data() + text.size();
  return !text.empty() && std::from_chars(text.data(), end, number).ptr == end;
}

/// Letters, digits, '_', '-' and '.': nothing that a pattern of SCAN or the ':' behind it could be.
bool is_prefix(std::string_view text) {
  constexpr std::size_t longest = 64;
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
  };
  return !text.empty() && text.size() <= longest && std::ranges::all_of(text, plain);
}

bool read_login(redis_address& into, std::string_view text) {
  const auto colon = std::min(text.size(), text.find(':'));
  auto user = percent_decoded(text.substr(0, colon));
  auto password = percent_decoded(text.substr(std::min(text.size(), colon + 1)));
  if (!user || !password) return false;
  into.login = {std::move(*user), std::move(*password)};
  return true;
}

/// `host`, `host:port`, `[v6]` or `[v6]:port`.
bool read_server(redis_address& into, std::string_view text) {
  server_address server;
  if (text.starts_with('[')) {
    const auto close = text.find(']');
    if (close == std::string_view::npos) return false;
    server.host = text.substr(1, close - 1);
    text.remove_prefix(close + 1);
  } else {
    const auto colon = std::min(text.size(), text.find(':'));
    server.host = text.substr(0, colon);
    text.remove_prefix(colon);
  }
  std::uint16_t port = 0;
  if (!text.empty()) {
    if (!text.starts_with(':') || !read_number(text.substr(1), port)) return false;
    server.port = text.substr(1);
  }
  into.servers.push_back(std::move(server));
  return !into.servers.back().host.empty();
}

bool read_servers(redis_address& into, std::string_view text) {
  while (true) {
    const auto piece = text.substr(0, text.find(','));
    if (!read_server(into, piece)) return false;
    if (piece.size() == text.size()) return true;
    text.remove_prefix(piece.size() + 1);
  }
}

bool read_duration(std::string_view text, std::chrono::milliseconds& into) {
  std::uint32_t count = 0;
  if (!read_number(text, count) || count == 0) return false;
  into = std::chrono::milliseconds(count);
  return true;
}

/// Why a parameter is refused; empty if it is not.
std::string_view take_parameter(redis_address& into, const std::filesystem::path& folder,
                                std::string_view name, std::string value) {
  const bool of_tls = name == "cacert" || name == "cert" || name == "key";
  if (of_tls && !into.tls) return "has parameters of TLS, for which it has to begin with rediss:";
  if (name == "prefix") {
    if (!is_prefix(value)) return "has a prefix that is not 1 to 64 of [A-Za-z0-9_.-]";
    into.prefix = std::move(value);
  } else if (name == "sentinel") {
    into.master = std::move(value);
  } else if (name == "sentinel_user") {
    into.sentinel_login.user = std::move(value);
  } else if (name == "sentinel_password") {
    into.sentinel_login.password = std::move(value);
  } else if (name == "cacert") {
    into.tls->authorities = folder / value;
  } else if (name == "cert") {
    into.tls->certificate = folder / value;
  } else if (name == "key") {
    into.tls->key = folder / value;
  } else {
    auto& which = name == "timeout_ms" ? into.waits.silence : into.waits.connect;
    if (!read_duration(value, which)) return "has a time-out that is no number of milliseconds";
  }
  return {};
}

}  // namespace

std::string server_address::text() const {
  return (host.find(':') == std::string::npos ? host : '[' + host + ']') + ':' + port;
}

result<redis_address> parse_address(const store_location& location) {
  std::string_view rest = location.url;
  redis_address parsed{.shown = without_secrets(rest)};
  if (scheme_of(rest) == "rediss") parsed.tls.emplace();
  rest.remove_prefix(std::min(rest.size(), rest.find(':') + 1));
  if (!rest.starts_with("//")) return refused(parsed, "names no host; write redis://HOST:PORT");
  rest.remove_prefix(2);

  // The password may hold a raw '/' or '?', as without_secrets() has it.
  const auto question = rest.find('?');
  const auto first_parameter = rest.find('=', std::min(rest.size(), question));
  if (const auto at = rest.rfind('@', first_parameter); at != std::string_view::npos) {
    if (!read_login(parsed, rest.substr(0, at))) return refused(parsed, "has a broken escape");
    rest.remove_prefix(at + 1);
  }
  const auto query_at = std::min(rest.size(), rest.find('?'));
  auto given =
      parse_parameters(location.url, rest.substr(std::min(rest.size(), query_at + 1)), parameters);
  if (!given) return pass_on(std::move(given));
  rest = rest.substr(0, query_at);
  for (auto& [name, value] : *given) {
    const auto why = take_parameter(parsed, location.folder, name, std::move(value));
    if (!why.empty()) return refused(parsed, why);
  }

  const auto slash = std::min(rest.size(), rest.find('/'));
  const auto database = rest.substr(std::min(rest.size(), slash + 1));
  if (!database.empty() && !read_number(database, parsed.database)) {
    return refused(parsed, "has a database that is no number");
  }
  if (!read_servers(parsed, rest.substr(0, slash))) return refused(parsed, "has a broken host");
  if (parsed.master.empty() && parsed.servers.size() > 1) {
    return refused(parsed, "names several hosts, which only sentinels can be: ?sentinel=MASTER");
  }
  for (auto& server : parsed.servers) {
    if (server.port.empty()) {
      server.port = parsed.master.empty() ? usual_port : usual_sentinel_port;
    }
  }
  if (parsed.tls && parsed.tls->certificate.empty() != parsed.tls->key.empty()) {
    return refused(parsed, "has one of cert and key, which go together");
  }
  return parsed;
}

}  // namespace keelson::backends::redis
