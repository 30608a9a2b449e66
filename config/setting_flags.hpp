#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <CLI/App.hpp>

#include "config/sources.hpp"

namespace keelson::config {

/// The flags of all settings on one command, and what was given with them.
class setting_flags {
 public:
  /// Adds the flags, grouped and with their defaults in the help, and `--config FILE`. From then
  /// on the command takes what it does not know, so that gather() can report it with the rest.
  explicit setting_flags(CLI::App& command);

  /// Everything from the file, the environment and these flags. After parsing.
  [[nodiscard]] gathered gather(const environment& variables) const;

 private:
  struct flag {
    const setting* which;
    CLI::Option* option;
  };
  void read_flags(gathered& into) const;
  void report_unknown(gathered& into) const;

  CLI::App* command_;
  CLI::Option* file_;
  std::vector<flag> flags_;
};

}  // namespace keelson::config
