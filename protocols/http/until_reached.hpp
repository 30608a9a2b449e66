#pragma once

#include <algorithm>
#include <chrono>

#include <boost/asio/as_tuple.hpp>

#include "protocols/bridge/gateway.hpp"
#include "protocols/http/handler.hpp"
#include "protocols/http/loop_timer.hpp"

namespace keelson::http {

/// What `ask` gets, a function that makes a task<result<Reply>>. While the store has not got to
/// the position that was asked for it is called again, until the request's deadline.
template <class Reply, class Ask>
task<result<Reply>> until_reached(exchange& with, Ask ask) {
  constexpr auto pause = std::chrono::milliseconds(10);
  const auto deadline = std::chrono::steady_clock::now() +
                        std::chrono::milliseconds(with.context().timeout_milliseconds);
  loop_timer timer(with.gate().loop());
  while (true) {
    task<result<Reply>> asking = ask();
    result<Reply> reply = co_await std::move(asking);
    if (reply || reply.error().code != errc::position_not_reached) co_return reply;
    const auto left = deadline - std::chrono::steady_clock::now();
    if (left <= left.zero() || with.going_away()) co_return reply;
    timer.expires_after(std::min<std::chrono::steady_clock::duration>(pause, left));
    auto waiting = timer.async_wait(bridge::asio::as_tuple(bridge::use_task));
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
  auto again = [&gate, store, ask, request = std::move(request)] {
    return (gate.*ask)(store, request);
  };
  return until_reached<Reply>(with, std::move(again));
}

}  // namespace keelson::http
