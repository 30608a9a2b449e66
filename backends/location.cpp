#include "backends/location.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace keelson::backends {

namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Whether a parameter `name=value` is not for everybody's eyes.
bool is_secret(std::string_view parameter) {
  constexpr std::array<std::string_view, 7> words{
      "password", "passwd", "secret", "token", "apikey", "api_key", "authmechanismproperties"};
  std::string name(parameter.substr(0, parameter.find('=')));
  std::ranges::transform(name, name.begin(), lower);
  return std::ranges::any_of(words, [&](auto word) { return name.find(word) != name.npos; });
}

std::unexpected<error> refused(std::string_view url, std::string_view why) {
  std::string detail = "the store URL '";
  detail.append(without_secrets(url)).append("' ").append(why);
  return fail(errc::invalid_parameter, std::move(detail));
}

}  // namespace

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    unsigned byte = 0;
    const auto digits = text.substr(i + 1, 2);
    const auto* const end = digits.data() + digits.size();
    const auto [read, failure] = std::from_chars(digits.data(), end, byte, 16);
    if (failure != std::errc() || read != digits.data() + 2) return std::nullopt;
    out += static_cast<char>(byte);
    i += 2;
  }
  if (out.find('\0') != std::string::npos) return std::nullopt;
  return out;
}

std::string scheme_of(std::string_view url) {
  const auto colon = url.find(':');
  if (colon == std::string_view::npos) return {};
  std::string scheme(url.substr(0, colon));
  std::ranges::transform(scheme, scheme.begin(), lower);
  return scheme;
}

std::string without_secrets(std::string_view url) {
  std::string shown(url);
  if (const auto slashes = shown.find("://"); slashes != std::string::npos) {
    // A password may hold raw '/', '?' and '@' that a strict reading would take for the path, so
    // everything up to the last '@' before the first `?name=` counts as user information.
    const auto first_parameter = shown.find('=', std::min(shown.size(), shown.find('?')));
    const auto at = shown.rfind('@', first_parameter);
    const auto colon = shown.find(':', slashes + 3);
    if (at != std::string::npos && colon < at) shown.erase(colon, at - colon);
  }
  // Blanks part the parameters of a connection string that stands where a URL should.
  auto from = shown.find_first_of("? ");
  while (from < shown.size()) {
    const auto to = std::min(shown.size(), shown.find_first_of("& ", from + 1));
    if (is_secret(std::string_view(shown).substr(from + 1, to - from - 1))) {
      // The '?' stays in front of the next parameter, if there is one.
      if (shown[from] == '?' && to < shown.size()) {
        shown.erase(from + 1, to - from);
      } else {
        shown.erase(from, to - from);
      }
    } else {
      from = to;
    }
  }
  return shown;
}

result<url_parameters> parse_parameters(std::string_view url, std::string_view query,
                                        std::span<const std::string_view> known) {
  url_parameters parameters;
  while (!query.empty()) {
    const auto piece = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), piece.size() + 1));
    const auto equals = std::min(piece.size(), piece.find('='));
    const auto name = piece.substr(0, equals);
    if (std::ranges::find(known, name) == known.end()) {
      return refused(url, "has the unknown parameter '" + std::string(name) + "'");
    }
    auto value = percent_decoded(piece.substr(std::min(piece.size(), equals + 1)));
    if (!value) return refused(url, "has a broken percent escape");
    parameters.emplace_back(name, std::move(*value));
  }
  return parameters;
}

result<file_location> parse_file_location(const store_location& location,
                                          std::span<const std::string_view> known) {
  const std::string_view url = location.url;
  auto rest = url.substr(std::min(url.size(), url.find(':') + 1));
  std::string_view query;
  if (const auto mark = rest.find('?'); mark != std::string_view::npos) {
    query = rest.substr(mark + 1);
    rest = rest.substr(0, mark);
  }
  if (rest.starts_with("//")) {
    rest.remove_prefix(2);
    if (!rest.starts_with('/')) return refused(url, "names a host where only a path is meant");
  }
  auto path = percent_decoded(rest);
  if (!path) return refused(url, "has a broken percent escape");

  file_location parsed;
  if (!path->empty()) parsed.path = (location.folder / *path).lexically_normal();
  auto parameters = parse_parameters(url, query, known);
  if (!parameters) return pass_on(std::move(parameters));
  parsed.parameters = *std::move(parameters);
  return parsed;
}

result<std::filesystem::path> file_path(const store_location& location) {
  auto parsed = parse_file_location(location, {});
  if (!parsed) return pass_on(std::move(parsed));
  if (parsed->path.empty()) return refused(location.url, "names no path");
  return std::move(parsed->path);
}

}  // namespace keelson::backends
