#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "actors/store/write_queue.hpp"

namespace keelson::store {

/// What the front leaves for its worker: the front fills it and the worker empties it, so that the
/// next group is at hand the moment one is done. Thread-safe.
class write_inbox {
 public:
  enum class pushed : std::uint8_t {
    full,    ///< refused and untouched
    queued,  ///< the worker is at work and comes by
    first,   ///< the worker rests: it has to be told
  };
  struct fill {
    std::size_t commits = 0;
    std::size_t bytes = 0;
    std::optional<std::int64_t> busy_since;  ///< when the group in hand was taken, if there is one
  };

  explicit write_inbox(const write_queue_limits& limits) : queue_(limits) {}

  [[nodiscard]] pushed push(parcel& waiting);
  /// The next group, for the worker, which has done with the one before. None: it rests.
  [[nodiscard]] std::vector<parcel> take_group(std::int64_t now);
  [[nodiscard]] std::vector<parcel> take_expired(std::int64_t now);
  [[nodiscard]] std::vector<parcel> take_all();
  [[nodiscard]] fill look() const;

 private:
  mutable std::mutex mutex_;
  write_queue queue_;
  bool at_work_ = false;
  std::optional<std::int64_t> busy_since_;
};

}  // namespace keelson::store
