#include "config/setting_flags.hpp"

#include <algorithm>
#include <optional>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "config/profile.hpp"
#include "config/spelling.hpp"

namespace keelson::config {

namespace {

constexpr std::string_view file_flag = "--config";

/// Results are read from the option itself, as texts.
bool accept(const CLI::results_t& results) {
  return !results.empty();
}

std::string help_of(const setting& which) {
  std::string help(which.help);
  if (which.form == shape::list) help += "; may be repeated";
  // A switch is off by default, or its flag would be of no use.
  if (which.form != shape::toggle) help.append(" (default: ").append(which.fallback).append(")");
  return help;
}

CLI::Option* add_flag(CLI::App& command, const setting& which) {
  std::string names = flag_of(which);
  if (!which.short_flag.empty()) names = std::string(which.short_flag) + "," + names;
  return command.add_option(names, CLI::callback_t(accept), help_of(which))
      ->type_name(std::string(which.kind))
      ->expected(which.form == shape::toggle ? 0 : 1, 1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->allow_extra_args(false)
      ->group(std::string(which.area));
}

/// The file that a flag names, or else the environment.
std::optional<std::string> file_of(const CLI::Option& flag, const environment& variables) {
  if (flag.count() > 0) return flag.results().back();
  const auto found = std::ranges::find(variables, file_variable, &environment::value_type::first);
  if (found == variables.end() || found->second.empty()) return std::nullopt;
  return found->second;
}

}  // namespace

setting_flags::setting_flags(CLI::App& command) : command_(&command) {
  command.allow_extras();
  file_ =
      command
          .add_option(std::string(file_flag), CLI::callback_t(accept), "file of settings in YAML")
          ->type_name("FILE")
          ->group("Stores and places");
  for (const setting& each : setting_table()) {
    flags_.push_back({.which = &each, .option = add_flag(command, each)});
  }
  command.footer(
      "Each setting is also a variable, and a name in the file: --limits-value is\n"
      "KEELSON_LIMITS_VALUE and limits.value (or value within limits). Flags beat\n"
      "variables, which beat the file, which beats DATABASE_URL (for --primary) or\n"
      "--profile, which beat the defaults. What is for one start only is a flag only.\n"
      "Sizes: 512, 64KiB, 8MiB, 1GiB. Times: 500ms, 5s, 10m, 24h, 7d. Lists in one\n"
      "text are parted by blanks; none is the empty list. KEELSON_CONFIG names the file.");
}

gathered setting_flags::gather(const environment& variables) const {
  gathered all;
  if (const auto file = file_of(*file_, variables)) read_file(*file, all);
  read_environment(variables, all);
  all.around.container = container_sign(variables);
  read_flags(all);
  report_unknown(all);
  return all;
}

void setting_flags::read_flags(gathered& into) const {
  for (const auto& [which, option] : flags_) {
    if (option->count() == 0) continue;
    const auto name = which->short_flag.empty() ? flag_of(*which) : std::string(which->short_flag);
    auto items = option->results();
    if (which->form == shape::list) {
      if (is_none(items)) items.clear();
    } else if (items.size() > 1) {
      into.mistakes.push_back({name, "is given more than once"});
      continue;
    }
    into.values.push_back(
        {.which = which, .items = std::move(items), .from = {source::flag, name}});
  }
}

void setting_flags::report_unknown(gathered& into) const {
  std::vector<std::string> known{std::string(file_flag)};
  for (const auto& [which, option] : flags_) {
    known.push_back(flag_of(*which));
    if (!which->short_flag.empty()) known.emplace_back(which->short_flag);
  }
  bool after_flag = false;
  for (const std::string& text : command_->remaining()) {
    if (!text.starts_with('-')) {
      // What stands behind an unknown flag is taken for its value.
      if (!after_flag) into.mistakes.push_back({"'" + text + "'", "nothing is expected here"});
      after_flag = false;
      continue;
    }
    const auto name = text.substr(0, text.find('='));
    after_flag = name.size() == text.size();
    into.mistakes.push_back({name, "there is no such flag" + did_you_mean(name, known)});
  }
}

}  // namespace keelson::config
