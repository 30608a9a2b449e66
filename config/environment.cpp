#include <algorithm>
#include <array>
#include <ranges>

#include <unistd.h>

#include "config/sources.hpp"
#include "config/spelling.hpp"

namespace keelson::config {

namespace {

constexpr std::string_view ours = "KEELSON_";

/// Of `--config`, of the client commands, and of the project's own tests.
constexpr std::array<std::string_view, 7> other_uses{
    file_variable,  "KEELSON_URL",    "KEELSON_TOKEN", "KEELSON_BINARY",
    "KEELSON_FULL", "KEELSON_CITIES", "KEELSON_SEED"};
/// Kubernetes sets KEELSON_PORT_8470_TCP=… and the like in every pod near a service `keelson`.
constexpr std::array<std::string_view, 3> other_starts{"KEELSON_SERVICE_", "KEELSON_PORT",
                                                       "KEELSON_TEST_"};

bool is_for_others(std::string_view name) {
  return std::ranges::find(other_uses, name) != other_uses.end() ||
         std::ranges::any_of(other_starts, [name](auto start) { return name.starts_with(start); });
}

const setting* of_variable(std::string_view name) {
  const auto found = std::ranges::find_if(
      setting_table(), [name](const setting& each) { return variable_of(each) == name; });
  return found == setting_table().end() ? nullptr : &*found;
}

/// The prefix that all names share would make them look alike.
std::string suggestion(std::string_view name) {
  std::vector<std::string> known;
  for (const setting& each : setting_table()) {
    if (each.from == reach::everywhere) known.push_back(variable_of(each).substr(ours.size()));
  }
  const auto found = nearest(name.substr(ours.size()), known);
  return found.empty() ? "" : "; did you mean '" + std::string(ours).append(found) + "'?";
}

}  // namespace

environment process_environment() {
  environment variables;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    variables.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

void read_environment(const environment& variables, gathered& into) {
  for (const auto& [name, value] : variables) {
    if (value.empty()) continue;
    if (name == "REDIS_URL") into.around.redis_url = value;
    if (name == "MONGODB_URL") into.around.mongodb_url = value;
    if (name == "DATABASE_URL") {
      into.around.database_url = value;
      into.values.push_back({.which = find_setting("primary.url"),
                             .items = {value},
                             .from = {source::database_url, name}});
      continue;
    }
    if (!name.starts_with(ours) || is_for_others(name)) continue;
    const setting* const which = of_variable(name);
    if (which == nullptr) {
      into.mistakes.push_back({name, "there is no such setting" + suggestion(name)});
    } else if (which->from == reach::command_line) {
      into.mistakes.push_back({name, "is meant for one start: give it as " + flag_of(*which)});
    } else {
      into.values.push_back(
          {.which = which,
           .items = which->form == shape::list ? words_of(value) : std::vector<std::string>{value},
           .from = {source::environment, name}});
    }
  }
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  for (std::size_t at = 0, end = 0; at < text.size(); at = end + 1) {
    end = std::min(text.find(' ', at), text.size());
    if (end > at) words.emplace_back(text.substr(at, end - at));
  }
  if (is_none(words)) words.clear();
  return words;
}

bool is_none(const std::vector<std::string>& items) {
  return items.size() == 1 && items.front() == "none";
}

const setting* find_setting(std::string_view name) {
  const auto found = std::ranges::find(setting_table(), name, &setting::name);
  return found == setting_table().end() ? nullptr : &*found;
}

}  // namespace keelson::config
