#pragma once

#include <cstddef>
#include <deque>
#include <vector>

#include "actors/contracts.hpp"
#include "actors/replicator/options.hpp"

namespace keelson::replicator {

/// The newest committed groups, without a gap between them, up to a bound in bytes. What does not
/// fit or does not follow empties it: the log has it all.
class live_window {
 public:
  explicit live_window(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  void push(actors::group_ref group, time_point now);
  void clear();
  /// Lets go of the groups that lie at or before a point.
  void pass(const log_point& point);
  /// Whether the first group goes on exactly from a point.
  [[nodiscard]] bool follows(const log_point& point) const;
  /// The time of the first change held; only if follows().
  [[nodiscard]] timestamp first_time() const { return groups_.front().group->records.front().time; }
  /// When the first group held was pushed; only if follows().
  [[nodiscard]] time_point first_seen() const { return groups_.front().seen; }
  /// As many of the first groups as fit into one apply, at least one. They stay until passed.
  [[nodiscard]] std::vector<actors::group_ref> first(const batch_limits& limits) const;
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

 private:
  struct entry {
    actors::group_ref group;
    std::size_t bytes = 0;
    time_point seen;
  };
  std::size_t max_bytes_;
  std::size_t bytes_ = 0;
  std::deque<entry> groups_;
};

}  // namespace keelson::replicator
