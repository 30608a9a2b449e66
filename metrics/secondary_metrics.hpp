#pragma once

#include <span>
#include <string_view>

#include "metrics/by_word.hpp"

namespace keelson::metrics {

/// How a secondary follows the primary.
struct secondary_metrics {
  /// `states` are the words of the states that it can be in.
  secondary_metrics(registry& in, std::string_view name,
                    std::span<const std::string_view> state_words);

  void show(std::string_view state) const noexcept { show_state(states, state); }

  gauge lag_changes;
  gauge lag_seconds;
  by_word<gauge> states;
  counter applied_changes;
  counter rebuilds;  ///< begun
  gauge documents;
  gauge document_bytes;
};

}  // namespace keelson::metrics
