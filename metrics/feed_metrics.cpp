#include "metrics/feed_metrics.hpp"

#include <array>

namespace keelson::metrics {

namespace {

constexpr std::array<std::string_view, 2> state_words{"live", "catching_up"};
constexpr std::array<std::string_view, 4> close_words{"history_lost", "slow_consumer", "going_away",
                                                      "unsubscribed"};

}  // namespace

feed_metrics::feed_metrics(registry& in)
    : subscribers(gauges_by(in, {"keelson_subscribers", "Subscriptions that are open, by state."},
                            "state", state_words)),
      events_sent(in.add_counter({"keelson_events_sent_total", "Changes sent to subscribers."})),
      closed(counters_by(in,
                         {"keelson_subscriptions_closed_total", "Subscriptions ended, by reason."},
                         "code", close_words)),
      ring_bytes(in.add_gauge(
          {"keelson_feed_ring_bytes", "Bytes of encoded changes held in memory for the feed."})),
      ring_changes(in.add_gauge(
          {"keelson_feed_ring_changes", "Encoded changes held in memory for the feed."})) {}

}  // namespace keelson::metrics
