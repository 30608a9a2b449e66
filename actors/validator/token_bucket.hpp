#pragma once

#include <algorithm>
#include <chrono>

#include "actors/validator/options.hpp"

namespace keelson::validator {

/// A rate that may be saved up for one second at most.
class token_bucket {
 public:
  explicit token_bucket(double per_second)
      : per_second_(per_second),
        most_(std::max(per_second, 1.0)),
        tokens_(per_second > 0 ? most_ : 0) {}

  [[nodiscard]] bool take(moment now) {
    const std::chrono::duration<double> passed = now - last_;
    if (passed.count() > 0) {
      tokens_ = std::min(most_, tokens_ + passed.count() * per_second_);
      last_ = now;
    }
    if (tokens_ < 1) return false;
    tokens_ -= 1;
    return true;
  }

 private:
  double per_second_;
  double most_;
  double tokens_;
  moment last_{};
};

}  // namespace keelson::validator
