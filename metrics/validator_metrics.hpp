#pragma once

#include <string_view>

#include "metrics/by_word.hpp"

namespace keelson::metrics {

/// What the comparisons with one secondary found.
struct comparison_metrics {
  comparison_metrics(registry& in, std::string_view secondary);

  by_word<counter> inconsistencies;  ///< by `kind`: missing, surplus, stale, differing, corrupt
  gauge open_differences;
  gauge oldest_difference;       ///< its age in seconds; 0 when none is open
  by_word<counter> comparisons;  ///< by `result`: equal, pending, different, unknown
};

/// What the validator counts beside them.
struct validator_metrics {
  explicit validator_metrics(registry& in);

  counter checks_let_go;  ///< over the budget or the queue's bound
  gauge queue_checks;
};

}  // namespace keelson::metrics
