#include "config/terminal.hpp"

#include <cstdlib>
#include <iostream>
#include <string_view>

#include <unistd.h>

namespace keelson::config {

namespace {

bool is_terminal(int descriptor) {
  return ::isatty(descriptor) == 1;
}

client::palette palette_of(int descriptor) {
  const auto* const no_colour = std::getenv("NO_COLOR");
  const auto* const terminal = std::getenv("TERM");
  const bool refused = (no_colour != nullptr && *no_colour != '\0') || terminal == nullptr ||
                       std::string_view(terminal) == "dumb";
  return is_terminal(descriptor) && !refused ? client::palette::colours : client::palette::plain;
}

}  // namespace

client::console standard_console() {
  return {.in = std::cin,
          .out = std::cout,
          .err = std::cerr,
          .progress = is_terminal(STDERR_FILENO) ? client::progress_style::bar
                                                 : client::progress_style::none,
          .out_palette = palette_of(STDOUT_FILENO),
          .err_palette = palette_of(STDERR_FILENO)};
}

}  // namespace keelson::config
