#pragma once

#include <CLI/App.hpp>

namespace keelson::config {

/// Adds put, get, delete, list, load, import, dump, watch, verify, status and secondary to the
/// command line. The one that is chosen runs while `app` parses, on the standard streams, and
/// leaves its exit status in `exit_status`. Whoever calls turns a CLI::ParseError into status 2.
void add_client_commands(CLI::App& app, int& exit_status);

}  // namespace keelson::config
