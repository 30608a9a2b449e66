#include "config/commands.hpp"

#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "config/client_commands.hpp"
#include "config/command_examples.hpp"
#include "config/help_texts.hpp"
#include "config/loading.hpp"
#include "config/reports.hpp"
#include "config/setting_flags.hpp"
#include "config/spelling.hpp"
#include "config/terminal.hpp"

namespace keelson::config {

namespace {

constexpr int usage_status = 2;

/// What is in force, or nothing after all mistakes were printed.
std::optional<loaded> load_or_report(const setting_flags& flags) {
  auto ready = load(flags.gather(process_environment()));
  if (ready) return std::move(*ready);
  auto io = standard_console();
  for (const auto& [where, what] : ready.error()) client::complain(io, where + ": " + what);
  return std::nullopt;
}

void add_serve(CLI::App& app, int& exit_status, serve_function serve) {
  auto* const command = app.add_subcommand("serve", "Run the service");
  command->callback(
      [flags = std::make_shared<setting_flags>(*command), serve = std::move(serve), &exit_status] {
        const auto ready = load_or_report(*flags);
        const auto again = [&] { return load(flags->gather(process_environment())); };
        exit_status = ready ? serve(*ready, again) : usage_status;
      });
}

std::shared_ptr<report_form> add_json_flag(CLI::App& command) {
  auto form = std::make_shared<report_form>(report_form::text);
  command.add_flag_callback(
      "--json", [form] { *form = report_form::json; }, "Print JSON, one text a line");
  return form;
}

void add_config(CLI::App& app, int& exit_status) {
  auto* const command = app.add_subcommand(
      "config", "Print the settings that serve would run with, and where each comes from");
  auto form = add_json_flag(*command);
  command->callback([flags = std::make_shared<setting_flags>(*command), form, &exit_status] {
    const auto ready = load_or_report(*flags);
    if (ready) print_settings(std::cout, ready->report, *form);
    exit_status = ready ? 0 : usage_status;
  });
}

void add_backends(CLI::App& app, int& exit_status) {
  auto* const command = app.add_subcommand(
      "backends",
      "Print the kinds of stores, their URLs and what they can do; also those not in this build");
  auto form = add_json_flag(*command);
  command->callback([form, &exit_status] {
    print_backends(std::cout, *form);
    exit_status = 0;
  });
}

using text_printer = void (*)(std::ostream& out, const CLI::App& app);

void add_text(CLI::App& app, int& exit_status, const char* name, const char* help,
              text_printer print) {
  app.add_subcommand(name, help)->callback([&app, &exit_status, print] {
    print(std::cout, app);
    exit_status = 0;
  });
}

/// CLI11 would only say that a command is required.
std::optional<std::string> unknown_command(const CLI::App& app, int argc, const char* const* argv) {
  if (argc < 2 || std::string_view(argv[1]).starts_with('-')) return std::nullopt;
  std::vector<std::string> known;
  for (const auto* each : app.get_subcommands({})) known.push_back(each->get_name());
  const std::string name(argv[1]);
  if (std::ranges::find(known, name) != known.end()) return std::nullopt;
  return "there is no command '" + name + "'" + did_you_mean(name, known);
}

/// Of a flag that a client command does not have: CLI11 would not know the nearest.
std::optional<std::string> unknown_argument(const CLI::App& app) {
  const auto left = app.remaining(true);
  const auto chosen = app.get_subcommands();
  if (left.empty() || chosen.empty()) return std::nullopt;
  const auto name = left.front().substr(0, left.front().find('='));
  if (!name.starts_with("--")) return "'" + left.front() + "': nothing is expected here";
  std::vector<std::string> known;
  for (const auto* option : chosen.front()->get_options()) {
    for (const auto& each : option->get_lnames()) known.push_back("--" + each);
  }
  return name + ": there is no such flag" + did_you_mean(name, known);
}

std::string complaint_of(const CLI::App& app, const CLI::ParseError& problem, int argc,
                         const char* const* argv) {
  if (auto unknown = unknown_command(app, argc, argv)) return *std::move(unknown);
  if (auto unknown = unknown_argument(app)) return *std::move(unknown);
  return problem.what();
}

void add_examples(CLI::App& app) {
  for (auto* each : app.get_subcommands({})) {
    std::string footer = "Examples:";
    for (std::string_view left = examples_of(each->get_name()); !left.empty();) {
      const auto line = left.substr(0, left.find('\n'));
      footer.append("\n  ").append(line);
      left.remove_prefix(std::min(left.size(), line.size() + 1));
    }
    each->footer(footer);
  }
}

}  // namespace

void add_commands(CLI::App& app, int& exit_status, serve_function serve) {
  app.get_formatter()->column_width(38);
  app.require_subcommand(1);
  app.set_version_flag("--version", "keelson " KEELSON_VERSION);
  add_serve(app, exit_status, std::move(serve));
  add_config(app, exit_status);
  add_backends(app, exit_status);
  add_client_commands(app, exit_status);
  add_text(app, exit_status, "completion", "Print a script for bash: source <(keelson completion)",
           print_bash_completion);
  add_text(app, exit_status, "manual", "Print the manual page: keelson manual | man -l -",
           print_manual);
  add_examples(app);
  app.footer(
      "Exit status: 0 done, 1 refused or not found, 2 a mistake on the command line or in\n"
      "the settings, 3 the service cannot be reached. Each command has a --help of its own.");
}

int run_command_line(int argc, const char* const* argv, serve_function serve) {
  CLI::App app("One API in front of many stores that are kept equal, and checked to be.",
               "keelson");
  int exit_status = 0;
  add_commands(app, exit_status, std::move(serve));
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked) {
    return app.exit(asked);
  } catch (const CLI::ParseError& problem) {
    auto io = standard_console();
    client::complain(io, complaint_of(app, problem, argc, argv));
    const auto chosen = app.get_subcommands();
    io.err << "Run keelson " << (chosen.empty() ? "" : chosen.front()->get_name() + " ")
           << "--help for more.\n";
    return usage_status;
  }
  return exit_status;
}

}  // namespace keelson::config
