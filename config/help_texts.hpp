#pragma once

#include <iosfwd>

#include <CLI/App.hpp>

/// Texts made from the same commands and options that --help prints.
namespace keelson::config {

/// A completion script for bash.
void print_bash_completion(std::ostream& out, const CLI::App& app);

/// The manual page keelson(1), in the macros of man(7).
void print_manual(std::ostream& out, const CLI::App& app);

}  // namespace keelson::config
