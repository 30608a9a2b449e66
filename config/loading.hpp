#pragma once

#include <expected>
#include <string>
#include <vector>

#include "config/sources.hpp"

namespace keelson::config {

/// A setting as it is in force, as it may be shown.
struct in_force {
  std::string name;
  std::string value;  ///< without secrets
  /// `default`, `profile NAME`, `DATABASE_URL`, `FILE:LINE`, a variable or a flag; of an automatic
  /// profile also why it was chosen.
  std::string from;
  bool at_run_time = false;
};

struct loaded {
  settings values;
  std::vector<in_force> report;  ///< in the order of the table
};

/// Merges what was gathered, stronger sources over weaker ones, and checks the whole. Every value
/// is checked, also one that a stronger source replaces; only the
/// variables that are not ours alone are not looked at when another source names the primary, or
/// the profile is local. All mistakes come together.
[[nodiscard]] std::expected<loaded, std::vector<mistake>> load(gathered sources);

/// The rows whose values differ, as they are in `now`.
[[nodiscard]] std::vector<in_force> differing(const loaded& before, const loaded& now);

}  // namespace keelson::config
