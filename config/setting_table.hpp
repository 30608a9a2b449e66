#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "config/settings.hpp"
#include "protocols/model/error.hpp"

namespace keelson::config {

enum class shape : std::uint8_t {
  one,     ///< one text
  list,    ///< any number: a repeated flag, a YAML list, or words in one text; `none` for none
  toggle,  ///< yes or no; its flag alone means yes
};

/// Where a setting may come from.
enum class reach : std::uint8_t {
  everywhere,
  command_line,  ///< a flag only: it is meant for one start
};

/// One setting: all that help, sources, checks and reports know of it.
struct setting {
  std::string_view name;      ///< `a.b`; its flag is `--a-b`, its variable `KEELSON_A_B`
  std::string_view area;      ///< heading in the help
  std::string_view kind;      ///< what stands for its value in the help
  std::string_view fallback;  ///< its default, as a text of any other source
  std::string_view help;
  shape form = shape::one;
  reach from = reach::everywhere;
  std::string_view short_flag;  ///< another name of its flag; empty: none
  /// Parses and stores; the items of a list, else exactly one text. Replaces what was there.
  result<void> (*store)(settings& into, std::span<const std::string> items) = nullptr;
  /// The text that store() would take, without secrets.
  std::string (*show)(const settings& from) = nullptr;
  bool at_run_time = false;  ///< takes effect when the settings are read again, without a start
};

[[nodiscard]] std::span<const setting> setting_table();

[[nodiscard]] std::string flag_of(const setting& which);
[[nodiscard]] std::string variable_of(const setting& which);

/// Defaults only.
[[nodiscard]] settings default_settings();

}  // namespace keelson::config
