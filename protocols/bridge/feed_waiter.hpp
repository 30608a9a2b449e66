#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "protocols/bridge/feed_outlet.hpp"
#include "protocols/bridge/io.hpp"

namespace keelson::bridge {

/// Where one coroutine waits for the feed, for a time, or for whoever holds the waker.
class feed_waiter {
 public:
  feed_waiter(const executor& on, feed_outlet& outlet);
  ~feed_waiter();
  feed_waiter(const feed_waiter&) = delete;
  feed_waiter& operator=(const feed_waiter&) = delete;

  /// Returns when the ring may have moved since the last call, when woken, or at `time`.
  [[nodiscard]] task<> until(std::chrono::steady_clock::time_point time);
  /// Wakes the waiter, on its thread; may outlive it.
  [[nodiscard]] std::move_only_function<void()> waker();

 private:
  class state;
  std::shared_ptr<state> state_;
};

}  // namespace keelson::bridge
