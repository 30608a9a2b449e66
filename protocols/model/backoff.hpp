#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <random>

namespace keelson {

struct backoff_options {
  std::chrono::milliseconds first{100};
  std::chrono::milliseconds most{10'000};
};

/// Exponential back-off with full jitter (Brooker, "Exponential Backoff And Jitter", AWS
/// Architecture Blog 2015): each wait is drawn between half and all of a bound that doubles.
class backoff {
 public:
  explicit backoff(backoff_options options = {}, std::uint64_t seed = std::random_device{}())
      : options_(options), random_(seed) {}

  [[nodiscard]] std::chrono::milliseconds next() {
    auto bound = options_.first * (std::int64_t{1} << std::min(failures_, 20U));
    if (bound > options_.most) bound = options_.most;
    ++failures_;
    std::uniform_int_distribution<std::int64_t> draw(bound.count() / 2, bound.count());
    return std::chrono::milliseconds(draw(random_));
  }
  void reset() noexcept { failures_ = 0; }
  [[nodiscard]] unsigned failures() const noexcept { return failures_; }

 private:
  backoff_options options_;
  std::mt19937_64 random_;
  unsigned failures_ = 0;
};

}  // namespace keelson
