#pragma once

#include "metrics/by_word.hpp"

namespace keelson::metrics {

/// Subscribers and what they were sent.
struct feed_metrics {
  explicit feed_metrics(registry& in);

  by_word<gauge> subscribers;  ///< by `state`: live, catching_up
  counter events_sent;         ///< changes, each subscriber counted
  by_word<counter> closed;     ///< by `code`: history_lost, slow_consumer, going_away, unsubscribed
  gauge ring_bytes;            ///< of encoded changes held in memory for all
  gauge ring_changes;
};

}  // namespace keelson::metrics
