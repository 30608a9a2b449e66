#pragma once

#include <string>
#include <utility>
#include <vector>

namespace keelson::test {

/// What a simulation found to be against the guarantees; empty when all is well.
class findings {
 public:
  /// Notes `what` unless it holds.
  void expect(bool holds, const std::string& what) {
    if (!holds) add(what);
  }
  void add(std::string what) {
    constexpr std::size_t most = 20;
    if (all_.size() < most) all_.push_back(std::move(what));
  }
  [[nodiscard]] bool empty() const noexcept { return all_.empty(); }
  [[nodiscard]] const std::vector<std::string>& all() const noexcept { return all_; }

 private:
  std::vector<std::string> all_;
};

}  // namespace keelson::test
