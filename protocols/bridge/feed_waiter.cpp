#include "protocols/bridge/feed_waiter.hpp"

#include <utility>

#include <boost/asio/steady_timer.hpp>

#include "protocols/bridge/wake_signal.hpp"

namespace keelson::bridge {

class feed_waiter::state final : public feed_outlet::listener {
 public:
  state(const executor& on, feed_outlet& outlet) : listener(outlet), signal(on), timer(on) {}
  void feed_moved() override { signal.notify(); }

  wake_signal signal;
  asio::basic_waitable_timer<std::chrono::steady_clock,
                             asio::wait_traits<std::chrono::steady_clock>, executor>
      timer;
};

feed_waiter::feed_waiter(const executor& on, feed_outlet& outlet)
    : state_(std::make_shared<state>(on, outlet)) {}

feed_waiter::~feed_waiter() {
  state_->timer.cancel();
}

task<> feed_waiter::until(std::chrono::steady_clock::time_point time) {
  state_->timer.expires_at(time);
  state_->timer.async_wait([kept = state_](const boost::system::error_code& cancelled) {
    if (!cancelled) kept->signal.notify();
  });
  co_await state_->signal.wait();
}

std::move_only_function<void()> feed_waiter::waker() {
  return [kept = std::weak_ptr(state_)] {
    if (const auto alive = kept.lock()) alive->signal.notify();
  };
}

}  // namespace keelson::bridge
