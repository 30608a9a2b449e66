#include "protocols/client/load_window.hpp"

#include <algorithm>

namespace keelson::client {

bool load_window::admits(const piece& next) const {
  return std::ranges::none_of(next.operations,
                              [&](const auto& operation) { return keys_.contains(operation.key); });
}

void load_window::start(const piece& started) {
  for (const auto& operation : started.operations) keys_.insert(operation.key);
}

std::optional<load_progress> load_window::finish(const piece& finished, std::uint64_t written,
                                                 std::uint64_t failed) {
  for (const auto& operation : finished.operations) keys_.erase(operation.key);
  done_.emplace(finished.number, load_progress{finished.end, written, failed});
  bool moved = false;
  for (auto first = done_.begin(); first != done_.end() && first->first == progress_.mark.pieces;
       first = done_.begin()) {
    progress_.mark = first->second.mark;
    progress_.written += first->second.written;
    progress_.failed += first->second.failed;
    done_.erase(first);
    moved = true;
  }
  return moved ? std::optional(progress_) : std::nullopt;
}

}  // namespace keelson::client
