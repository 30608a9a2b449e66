#include <algorithm>

#include <boost/asio/as_tuple.hpp>

#include "protocols/websocket/peer.hpp"
#include "protocols/websocket/tcp_progress.hpp"

namespace keelson::websocket {

/// One timer for all that is due on this connection; each is at most one tick late.
task<> peer::keep_time() {
  constexpr int ticks_in_interval = 4;
  const auto shortest =
      std::min({options_.ping_interval, options_.position_interval, options_.write_idle});
  while (life_ != life::ended) {
    tick_.expires_after(shortest / ticks_in_interval);
    co_await tick_.async_wait(bridge::use_task_tuple);
    if (life_ == life::ended) co_return;
    const auto now = std::chrono::steady_clock::now();
    check_progress(now);
    if (life_ == life::closing && now - closing_since_ >= options_.close_time) end();
    check_pings(now);
    table_.mark_quiet(now - options_.position_interval);
    if (table_.any_ready()) writer_.notify();
  }
}

void peer::check_progress(steady_time now) {
  if (!writing_) return;
  const auto taken = acknowledged_bytes(stream_.next_layer().socket().native_handle());
  if (taken != acknowledged_) {
    acknowledged_ = taken;
    progress_ = now;
  } else if (now - progress_ >= options_.write_idle) {
    outlet_.ring().subscribers().count(feed::feed_end::slow_consumer, table_.size());
    end();
  }
}

void peer::check_pings(steady_time now) {
  if (now < next_ping_ || life_ != life::open) return;
  if (pings_unanswered_ >= options_.pings_unanswered) {
    end();
    return;
  }
  next_ping_ = now + options_.ping_interval;
  ping_due_ = true;
  writer_.notify();
}

}  // namespace keelson::websocket
