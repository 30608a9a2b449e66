#include "protocols/bridge/feed_outlet.hpp"

#include <atomic>
#include <mutex>
#include <utility>

#include <boost/asio/post.hpp>

namespace keelson::bridge {

/// What the ring rings: on the feed actor's thread, possibly while the outlet is destroyed.
class feed_outlet::doorbell final : public feed::ring_watcher,
                                    public std::enable_shared_from_this<doorbell> {
 public:
  doorbell(asio::io_context& loop, feed_outlet& outlet) : loop_(&loop), outlet_(&outlet) {}

  void ring_changed() noexcept override {
    if (pending_.exchange(true)) return;
    const std::scoped_lock lock(mutex_);
    if (loop_ == nullptr) return;
    asio::post(*loop_, [self = shared_from_this()] { self->answer(); });
  }

  void detach() {
    const std::scoped_lock lock(mutex_);
    loop_ = nullptr;
    outlet_ = nullptr;
  }

 private:
  void answer() {
    pending_.store(false);
    if (outlet_ != nullptr) outlet_->wake();
  }

  std::atomic<bool> pending_ = false;
  std::mutex mutex_;
  asio::io_context* loop_;
  feed_outlet* outlet_;  // read and cleared on the IO thread, or when it has ended
};

feed_outlet::feed_outlet(asio::io_context& loop, std::shared_ptr<feed::feed_ring> ring)
    : ring_(std::move(ring)),
      listeners_(std::make_shared<std::vector<listener*>>()),
      bell_(std::make_shared<doorbell>(loop, *this)) {
  ring_->watch(bell_);
}

feed_outlet::~feed_outlet() {
  bell_->detach();
}

void feed_outlet::wake() {
  for (auto* each : *listeners_) each->feed_moved();
}

feed_outlet::listener::listener(feed_outlet& of) : list_(of.listeners_), place_(list_->size()) {
  list_->push_back(this);
}

feed_outlet::listener::~listener() {
  auto* const last = list_->back();
  (*list_)[place_] = last;
  last->place_ = place_;
  list_->pop_back();
}

}  // namespace keelson::bridge
