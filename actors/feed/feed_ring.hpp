#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "protocols/model/position.hpp"
#include "protocols/wire/feed_encoding.hpp"

namespace keelson::feed {

/// Told when the ring has something new: a block, another epoch, the end of the feed. Called on
/// the feed actor's thread; returns at once.
class ring_watcher {
 public:
  virtual ~ring_watcher() = default;
  virtual void ring_changed() noexcept = 0;
};

/// What a reader finds behind its position.
enum class ring_finding : std::uint8_t {
  blocks,
  at_end,      ///< nothing yet: wait
  behind,      ///< older than the ring: read the log
  other_past,  ///< the position is of another history: nothing will ever follow it
  closed,      ///< the primary was never opened
};
struct ring_read {
  ring_finding what = ring_finding::closed;
  std::vector<std::shared_ptr<const wire::change_block>> blocks;
};

/// Why a subscription ended.
enum class feed_end : std::uint8_t { history_lost, slow_consumer, going_away, unsubscribed };
inline constexpr std::array<std::string_view, 4> feed_end_words{"history_lost", "slow_consumer",
                                                                "going_away", "unsubscribed"};

/// Subscribers by state, and what became of them, counted by those who serve them.
struct subscriber_counts {
  std::atomic<std::int64_t> live = 0;
  std::atomic<std::int64_t> catching_up = 0;
  std::atomic<std::uint64_t> changes_sent = 0;
  std::array<std::atomic<std::uint64_t>, feed_end_words.size()> ended{};  ///< by feed_end

  void count(feed_end why, std::size_t subscriptions = 1) noexcept {
    ended[static_cast<std::size_t>(why)] += subscriptions;
  }
};

/// The newest changes, encoded, bounded by bytes; one writer (the feed actor), any number of
/// readers on any thread. Readers own a position, never a queue.
class feed_ring {
 public:
  static constexpr std::size_t default_max_bytes = std::size_t{64} << 20;
  explicit feed_ring(std::size_t max_bytes = default_max_bytes) : max_bytes_(max_bytes) {}

  /// Begins anew at a commit's end, empty. Readers of the same epoch before it go to the log.
  void restart(const position& end, const position& oldest);
  /// A block that does not follow the end begins the ring anew.
  void append(std::shared_ptr<const wire::change_block> block);
  /// The smallest position that `since` accepts, as far as is known.
  void set_oldest(const position& oldest);
  void watch(std::weak_ptr<ring_watcher> watcher);

  /// Blocks that follow `after`, the first of which may begin before it; at most as many as have
  /// `max_bytes` together, at least one. A position beyond the end is at_end: the ring may hear of
  /// a commit later than the client that made it.
  [[nodiscard]] ring_read read(const position& after, std::size_t max_bytes) const;
  /// The end; an empty epoch before the primary is opened.
  [[nodiscard]] position end() const;
  [[nodiscard]] position oldest() const;
  /// True if changes after `at` are all held here.
  [[nodiscard]] bool covers(const position& at) const;
  [[nodiscard]] std::size_t memory() const;
  [[nodiscard]] std::size_t changes() const;

  [[nodiscard]] subscriber_counts& subscribers() noexcept { return subscribers_; }

 private:
  void restart_locked(const position& end);
  void notify() noexcept;

  const std::size_t max_bytes_;
  mutable std::mutex mutex_;
  std::deque<std::shared_ptr<const wire::change_block>> blocks_;
  position end_;
  sequence start_;
  position oldest_;
  std::size_t memory_ = 0;
  std::size_t changes_ = 0;
  std::vector<std::weak_ptr<ring_watcher>> watchers_;
  subscriber_counts subscribers_;
};

}  // namespace keelson::feed
