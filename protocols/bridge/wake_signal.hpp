#pragma once

#include <utility>

#include <boost/asio/post.hpp>

#include "protocols/bridge/suspend.hpp"

namespace keelson::bridge {

/// Wakes the one coroutine that waits for it. A notification before the wait is not lost; several
/// are one. To be used on the thread of its loop.
class wake_signal {
 public:
  explicit wake_signal(executor on) : on_(std::move(on)) {}

  void notify() {
    if (!waiting_) {
      raised_ = true;
      return;
    }
    asio::post(on_, [resume = std::exchange(waiting_, nullptr)]() mutable { resume(woken{}); });
  }

  /// Lets go of the one that waits, unwoken: its coroutine is destroyed.
  void abandon() { waiting_ = nullptr; }

  struct woken {};
  [[nodiscard]] task<woken> wait() {
    return suspend_for<woken>([this](resumption<woken> resume) {
      waiting_ = std::move(resume);
      if (std::exchange(raised_, false)) notify();
    });
  }

 private:
  executor on_;
  resumption<woken> waiting_;
  bool raised_ = false;
};

}  // namespace keelson::bridge
