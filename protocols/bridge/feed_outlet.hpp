#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "actors/feed/feed_cursor.hpp"
#include "actors/feed/feed_ring.hpp"
#include "protocols/bridge/io.hpp"

namespace keelson::bridge {

/// The feed as the subscribers of one IO thread see it: the ring, the pieces they share, and a
/// call when there is something new. The feed actor costs an IO thread at most one posted handler
/// at a time, whatever the number of groups and subscribers.
///
/// To be used on its IO thread only.
class feed_outlet {
 public:
  feed_outlet(asio::io_context& loop, std::shared_ptr<feed::feed_ring> ring);
  ~feed_outlet();
  feed_outlet(const feed_outlet&) = delete;
  feed_outlet& operator=(const feed_outlet&) = delete;

  /// Registered while it lives; may outlive the outlet, and hears nothing then.
  class listener {
   public:
    explicit listener(feed_outlet& of);
    listener(const listener&) = delete;
    listener& operator=(const listener&) = delete;
    /// The ring may have something new. Returns at once, and neither makes nor ends listeners.
    virtual void feed_moved() = 0;

   protected:
    ~listener();

   private:
    std::shared_ptr<std::vector<listener*>> list_;
    std::size_t place_ = 0;
  };

  [[nodiscard]] feed::feed_ring& ring() noexcept { return *ring_; }
  [[nodiscard]] const std::shared_ptr<feed::feed_ring>& shared_ring() const noexcept {
    return ring_;
  }
  [[nodiscard]] feed::piece_cache& pieces() noexcept { return pieces_; }
  [[nodiscard]] std::size_t listeners() const noexcept { return listeners_->size(); }

 private:
  class doorbell;
  void wake();

  std::shared_ptr<feed::feed_ring> ring_;
  feed::piece_cache pieces_;
  std::shared_ptr<std::vector<listener*>> listeners_;
  std::shared_ptr<doorbell> bell_;
};

}  // namespace keelson::bridge
