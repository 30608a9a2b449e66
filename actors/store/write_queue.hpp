#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "actors/store/reply_address.hpp"
#include "protocols/messages/writer.hpp"

namespace keelson::store {

struct write_queue_limits {
  std::size_t commits = 8192;
  std::size_t bytes = std::size_t{64} << 20;
  std::size_t group_commits = 256;
  std::size_t group_bytes = std::size_t{8} << 20;
};

/// Requests that came together and are answered together.
struct parcel {
  std::uint64_t id = 0;
  reply_address reply;
  std::int64_t deadline = 0;  ///< in the caller's time; the earliest of its requests
  std::size_t bytes = 0;
  std::vector<messages::write_request> requests;
};

/// The bytes that a request holds while it waits.
[[nodiscard]] std::size_t weight(const messages::write_request& request);

/// What waits for the next group. Pure. Natural batching: while one group is at the disk the next
/// forms. Interactive parcels go first, but bulk ones get half of a group when both wait, and all
/// of it when nothing else does. Parcels of one lane keep their order.
class write_queue {
 public:
  explicit write_queue(write_queue_limits limits = {}) : limits_(limits) {}

  /// False when a bound would be passed: the parcel is refused and untouched.
  [[nodiscard]] bool push(parcel& waiting);
  /// The next group: whole parcels up to the group's limits, at least one if any waits.
  [[nodiscard]] std::vector<parcel> take_group();
  /// Takes out the parcels whose deadline is at or before `now`.
  [[nodiscard]] std::vector<parcel> take_expired(std::int64_t now);
  [[nodiscard]] std::vector<parcel> take_all();

  [[nodiscard]] bool empty() const noexcept { return commits_ == 0; }
  [[nodiscard]] std::size_t commits() const noexcept { return commits_; }
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

 private:
  struct room {
    std::size_t commits;
    std::size_t bytes;
  };
  void fill(std::deque<parcel>& lane, room most, room& used, std::vector<parcel>& group);
  void forget(const parcel& gone);

  write_queue_limits limits_;
  std::deque<parcel> interactive_;
  std::deque<parcel> bulk_;
  std::size_t commits_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace keelson::store
