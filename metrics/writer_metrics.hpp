#pragma once

#include <span>
#include <string_view>

#include "metrics/by_collection.hpp"
#include "metrics/by_word.hpp"

namespace keelson::metrics {

/// The primary's writer: what it committed, how fast, and what it had to refuse.
struct writer_metrics {
  /// `state_words` are those of the states that the primary can be in; it begins in the first.
  writer_metrics(registry& in, std::span<const std::string_view> state_words);

  void show(std::string_view state) const noexcept { show_state(states, state); }

  by_word<gauge> states;
  counter commits;                ///< durable ones
  counter_by_collection changes;  ///< of durable commits
  histogram group_commits;        ///< commits made durable together
  histogram sync_latency;         ///< of one group: from the call to its return, in seconds
  gauge queue_commits;
  gauge queue_bytes;
  by_word<counter> refusals;  ///< by `code`, the API's word: overloaded, unavailable, ...
  counter history_replaced;
  gauge last_sequence;    ///< of the log
  gauge oldest_sequence;  ///< records after it are retained
  gauge log_bytes;
  gauge documents;
  gauge document_bytes;
};

}  // namespace keelson::metrics
