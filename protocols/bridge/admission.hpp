#pragma once

#include <atomic>
#include <cstddef>

namespace keelson::bridge {

/// Counts what is in flight over all IO threads, so that no mailbox behind the front can grow
/// without a bound. Thread-safe.
class admission {
 public:
  explicit admission(std::size_t most) noexcept : most_(most) {}

  /// A place for one request, or false: then it is to be refused as overloaded.
  [[nodiscard]] bool enter() noexcept {
    if (inside_.fetch_add(1, std::memory_order_relaxed) < most_) return true;
    leave();
    refused_.fetch_add(1, std::memory_order_relaxed);
    return false;
  }
  /// Whether work that can wait may enter: it leaves half of the places to that which cannot.
  [[nodiscard]] bool has_room_to_spare() const noexcept { return inside() < (most_ + 1) / 2; }
  void leave() noexcept { inside_.fetch_sub(1, std::memory_order_relaxed); }

  [[nodiscard]] std::size_t inside() const noexcept {
    return inside_.load(std::memory_order_relaxed);
  }
  [[nodiscard]] std::size_t refused() const noexcept {
    return refused_.load(std::memory_order_relaxed);
  }

 private:
  const std::size_t most_;
  std::atomic<std::size_t> inside_{0};
  std::atomic<std::size_t> refused_{0};
};

}  // namespace keelson::bridge
