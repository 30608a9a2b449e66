#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

#include <boost/asio/as_tuple.hpp>

#include "protocols/bridge/feed_outlet.hpp"
#include "protocols/bridge/gateway.hpp"
#include "protocols/http/handler.hpp"
#include "protocols/http/loop_timer.hpp"

namespace keelson::http {

/// history_lost for a position that is not of the present epoch, as far as this is known.
[[nodiscard]] inline result<void> check_epoch(exchange& with, const position& minimum) {
  const feed::feed_ring& ring = with.feed().ring();
  const position end = ring.end();
  if (end.epoch.empty() || minimum.epoch == end.epoch) return {};
  return std::unexpected(error{.code = errc::history_lost,
                               .detail = "the position belongs to another history of the log",
                               .oldest = ring.oldest().text()});
}

/// What `ask` gets, a function that makes a task<result<Reply>> of the milliseconds that are left.
/// While the store has not got to the position that was asked for it is called again, until the
/// request's deadline.
template <class Reply, class Ask>
task<result<Reply>> until_reached(exchange& with, position minimum, Ask ask) {
  constexpr auto longest_pause = std::chrono::milliseconds(160);
  auto pause = std::chrono::milliseconds(5);
  auto left = with.timeout();
  const auto deadline = std::chrono::steady_clock::now() + left;
  std::optional<error> behind;
  loop_timer timer(with.gate().loop());
  while (true) {
    auto known = check_epoch(with, minimum);
    if (!known) co_return pass_on(std::move(known));
    task<result<Reply>> asking = ask(left.count());
    result<Reply> reply = co_await std::move(asking);
    const auto now = std::chrono::steady_clock::now();
    left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - now);
    const bool over = left.count() <= 0 || with.going_away();
    const bool not_reached = !reply && reply.error().code == errc::position_not_reached;
    // A last look that came too late to be answered changes nothing of what is known.
    if (!reply && !not_reached && behind && over) co_return std::unexpected(*std::move(behind));
    if (!not_reached || over) co_return reply;
    behind = reply.error();
    timer.expires_after(std::min(pause, left));
    pause = std::min(2 * pause, longest_pause);
    auto waiting = timer.async_wait(bridge::use_task_tuple);
    co_await std::move(waiting);
  }
}

/// Asks once when no position is asked for, which is the rule and costs no copy of the request.
template <class Reply, class Request>
task<result<Reply>> ask_reader(exchange& with, bridge::store_slot store, Request request,
                               task<result<Reply>> (bridge::gateway::*ask)(bridge::store_slot,
                                                                           Request)) {
  bridge::gateway& gate = with.gate();
  if (request.minimum.epoch.empty()) return (gate.*ask)(store, std::move(request));
  position minimum = request.minimum;
  auto again = [&gate, store, ask, request = std::move(request)](std::int64_t left) mutable {
    request.context.timeout_milliseconds = left;
    return (gate.*ask)(store, request);
  };
  return until_reached<Reply>(with, std::move(minimum), std::move(again));
}

}  // namespace keelson::http
