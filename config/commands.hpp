#pragma once

#include <functional>

#include <CLI/App.hpp>

#include "config/loading.hpp"

namespace keelson::config {

/// Reads flags, variables and the file once more, as they are now.
using load_function = std::function<std::expected<loaded, std::vector<mistake>>()>;

/// Runs the service until it has stopped, and returns the process's exit status.
using serve_function = std::function<int(const loaded&, const load_function& again)>;

/// Adds serve, config, backends and the client commands. The one that is chosen runs while `app`
/// parses and leaves its exit status in `exit_status`: 2 when the settings hold mistakes, all of
/// which are then on standard error. Whoever calls turns a CLI::ParseError into status 2.
void add_commands(CLI::App& app, int& exit_status, serve_function serve);

/// The whole command line: parses it, runs what was chosen, and returns the exit status: 2 for a
/// command line that cannot be used.
[[nodiscard]] int run_command_line(int argc, const char* const* argv, serve_function serve);

}  // namespace keelson::config
