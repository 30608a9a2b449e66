#pragma once

#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "tests/conformance/history.hpp"

namespace keelson::conformance {

/// Random operations from a seed: few documents, so that they meet each other often.
class random_input {
 public:
  explicit random_input(std::uint64_t seed) : random_(seed) {}

  /// From 0 to below `bound`, the same on every platform.
  [[nodiscard]] std::size_t below(std::size_t bound) { return random_() % bound; }
  [[nodiscard]] bool one_in(std::size_t n) { return below(n) == 0; }

  [[nodiscard]] std::string collection() { return std::string(1, "abc"[below(3)]); }
  [[nodiscard]] document_id id() { return id_of(collection(), key()); }
  [[nodiscard]] std::vector<document_id> ids() {
    std::vector<document_id> some(below(6));
    for (auto& each : some) each = id();
    return some;
  }
  [[nodiscard]] std::vector<commit_plan> commits() {
    std::vector<commit_plan> group(1 + below(4));
    for (auto& commit : group) {
      for (std::size_t i = 1 + below(4); i > 0; --i) commit.push_back(one_change());
    }
    return group;
  }
  [[nodiscard]] backends::scan_request scan();

 private:
  [[nodiscard]] std::string key() {
    constexpr std::array<const char*, 4> letters{"a", "b", "é", "\U0010ffff"};
    std::string text = letters[below(4)];
    for (std::size_t more = below(3); more > 0; --more) text += letters[below(4)];
    return text;
  }
  [[nodiscard]] change one_change() {
    auto wanted = id();
    if (one_in(3)) return {std::move(wanted), change_op::remove, {}};
    return {std::move(wanted), change_op::put, '"' + std::string(below(40), 'v') + '"'};
  }

  std::mt19937_64 random_;
};

inline backends::scan_request random_input::scan() {
  backends::scan_request request;
  if (!one_in(3)) {
    request.collection = collection();
    if (one_in(2)) request.prefix = key();
  }
  if (one_in(2)) request.after = id();
  if (one_in(2)) request.until = id();
  request.max_documents = 1 + below(20);
  if (one_in(3)) request.max_bytes = below(200);
  if (one_in(2)) request.direction = backends::scan_direction::backward;
  if (one_in(3)) request.content = backends::scan_content::without_values;
  return request;
}

}  // namespace keelson::conformance
