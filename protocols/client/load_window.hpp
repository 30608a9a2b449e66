#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <unordered_set>

#include "protocols/client/piece_cutter.hpp"

namespace keelson::client {

/// What a load has come to.
struct load_progress {
  file_mark mark;  ///< every piece before it is done with
  std::uint64_t written = 0;
  std::uint64_t failed = 0;

  bool operator==(const load_progress&) const = default;
};

/// The pieces of one load that are in flight at once. Pieces that hold the same key never are, so
/// that the last line of a key wins however the pieces finish; and progress moves only over
/// pieces that are all done, so that what is taken up again after a crash was in flight with, or
/// came after, everything that is sent twice.
class load_window {
 public:
  explicit load_window(load_progress from) : progress_(from) {}

  /// Whether `next` may go out beside what is in flight.
  [[nodiscard]] bool admits(const piece& next) const;

  /// `started` is out; it must stay where it is until it is done.
  void start(const piece& started);

  /// `finished` is done with. The new progress if this moved it.
  std::optional<load_progress> finish(const piece& finished, std::uint64_t written,
                                      std::uint64_t failed);

  [[nodiscard]] const load_progress& progress() const noexcept { return progress_; }

 private:
  load_progress progress_;
  std::unordered_set<std::string_view> keys_;    ///< of the pieces in flight
  std::map<std::uint64_t, load_progress> done_;  ///< pieces behind one that is not: its own counts
};

}  // namespace keelson::client
