#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "actors/validator/judgement.hpp"

namespace keelson::validator {

/// Somebody waits for the answer (`?verify=wait`), or nobody does.
using compare_ticket = std::optional<std::uint64_t>;

struct queued_check {
  document_id id;
  compare_ticket ticket;
};

/// The documents that wait to be compared with one secondary: those that somebody waits for first.
/// Bounded, and one job at a time is out. Pure.
class check_lane {
 public:
  check_lane(std::size_t checks, std::size_t compares)
      : most_checks_(checks), most_compares_(compares) {}

  /// False: the queue is full, the check is let go.
  [[nodiscard]] bool add(queued_check check) {
    auto& queue = check.ticket ? compares_ : checks_;
    if (queue.size() >= (check.ticket ? most_compares_ : most_checks_)) return false;
    queue.push_back(std::move(check));
    return true;
  }

  /// The next job, and nothing while one is out or none waits.
  [[nodiscard]] std::vector<queued_check> begin(std::size_t most) {
    std::vector<queued_check> job;
    if (busy_) return job;
    for (auto* queue : {&compares_, &checks_}) {
      while (!queue->empty() && job.size() < most) {
        job.push_back(std::move(queue->front()));
        queue->pop_front();
      }
    }
    busy_ = !job.empty();
    return job;
  }
  void end() noexcept { busy_ = false; }

  [[nodiscard]] std::size_t size() const noexcept { return compares_.size() + checks_.size(); }

 private:
  std::size_t most_checks_;
  std::size_t most_compares_;
  std::deque<queued_check> compares_;
  std::deque<queued_check> checks_;
  bool busy_ = false;
};

}  // namespace keelson::validator
