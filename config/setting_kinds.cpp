#include "config/setting_kinds.hpp"

#include "backends/registry.hpp"
#include "protocols/model/names.hpp"

namespace keelson::config {

result<std::string> parse_path(std::string_view text) {
  if (text.empty()) return fail(errc::invalid_parameter, "the path is empty");
  return std::string(text);
}

result<std::string> parse_file_or_none(std::string_view text) {
  return text == "none" ? std::string() : parse_path(text);
}

result<std::string> parse_store_name(std::string_view text) {
  // The names of stores and of collections have one grammar.
  if (collection_name::parse(text)) return std::string(text);
  return fail(errc::invalid_parameter,
              "'" + std::string(text) +
                  "' is not the name of a store: a lower-case letter, then at most 62 lower-case "
                  "letters, digits, '_' or '-'");
}

result<void> check_secondary(std::string_view name, std::string_view url) {
  if (auto right = parse_store_name(name); !right) return pass_on(std::move(right));
  if (name == "primary") {
    return fail(errc::invalid_parameter, "a secondary cannot be named 'primary'");
  }
  if (auto engine = backends::engine_for(url); !engine) return pass_on(std::move(engine));
  return {};
}

result<void> store_primary(settings& into, std::span<const std::string> items) {
  const auto engine = backends::engine_for(items.front());
  if (!engine) return std::unexpected(engine.error());
  if (!(*engine)->abilities.primary) {
    return fail(errc::invalid_parameter,
                "a store of the kind " + std::string((*engine)->scheme) + ": cannot be a primary");
  }
  into.primary.url = items.front();
  return {};
}

std::string show_primary(const settings& from) {
  return backends::without_secrets(from.primary.url);
}

result<void> store_secondaries(settings& into, std::span<const std::string> items) {
  std::vector<secondary_settings> parsed;
  for (const std::string& item : items) {
    const auto equals = item.find('=');
    const auto colon = item.find(':');
    // Not repeated, since it may be a URL with a password.
    if (equals == std::string::npos || colon < equals) {
      return fail(errc::invalid_parameter, "a secondary is given as NAME=URL");
    }
    secondary_settings one{.name = item.substr(0, equals), .url = item.substr(equals + 1)};
    if (auto right = check_secondary(one.name, one.url); !right) return right;
    parsed.push_back(std::move(one));
  }
  into.secondaries = std::move(parsed);
  return {};
}

std::string show_secondaries(const settings& from) {
  std::string words;
  for (const auto& each : from.secondaries) {
    words.append(words.empty() ? "" : " ").append(each.name).append("=");
    words.append(backends::without_secrets(each.url));
  }
  return words.empty() ? "none" : words;
}

result<void> store_listen(settings& into, std::span<const std::string> items) {
  return keep < [](auto& of) -> auto& {
    return of.listen;
  }
  > (into, parse_listen(items.front()));
}

std::string show_listen(const settings& from) {
  return listen_text(from.listen);
}

}  // namespace keelson::config
