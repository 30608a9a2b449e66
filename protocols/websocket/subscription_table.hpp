#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "protocols/bridge/feed_subscription.hpp"

namespace keelson::websocket {

using steady_time = std::chrono::steady_clock::time_point;

/// One subscription of a connection and its place in the writer's round.
struct subscriber {
  subscriber(std::string name, std::shared_ptr<const feed::feed_interest> interest,
             const position& from, bridge::feed_subscription::start with,
             bridge::feed_outlet& outlet, steady_time at);

  enum class turn : std::uint8_t {
    ready,     ///< in the queue of those that may have something to send
    waiting,   ///< for the ring
    fetching,  ///< in the queue of those that need the log or the store, or served from it
    ended,     ///< unsubscribed or lost: what still holds it lets it go
  };

  const std::string id;
  const std::string changes_head;
  bridge::feed_subscription feed;
  turn now = turn::ready;
  bridge::feed_need need = bridge::feed_need::wait;  ///< while it is fetching
  bool position_due = false;
  steady_time last_sent;
};

/// The subscriptions of one connection, served in turn.
class subscription_table {
 public:
  using entry = std::shared_ptr<subscriber>;

  [[nodiscard]] std::size_t size() const noexcept { return all_.size(); }
  [[nodiscard]] bool has(std::string_view id) const { return all_.contains(id); }
  void add(entry one);
  /// Null when there is none of that id.
  entry remove(std::string_view id);

  /// The next one that is ready; null: none. It is to be given back by one of the calls below.
  [[nodiscard]] entry take_ready();
  void ready(const entry& one);
  void wait(subscriber& one) noexcept { one.now = subscriber::turn::waiting; }
  void fetch(const entry& one, bridge::feed_need need);
  [[nodiscard]] entry take_fetch();

  /// The ring moved: all who wait are ready.
  void wake_waiting();
  /// Makes those due for a position that got nothing since `before`.
  void mark_quiet(steady_time before);
  [[nodiscard]] bool any_ready() const noexcept { return !ready_.empty(); }
  [[nodiscard]] const auto& all() const noexcept { return all_; }
  void clear();

 private:
  std::map<std::string, entry, std::less<>> all_;
  std::deque<entry> ready_;
  std::deque<entry> to_fetch_;
};

}  // namespace keelson::websocket
