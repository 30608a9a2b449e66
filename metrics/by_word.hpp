#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "metrics/registry.hpp"

namespace keelson::metrics {

/// One metric for each word of a closed list, such as the states of a component. All are there
/// from the start.
template <class Handle>
class by_word {
 public:
  by_word() = default;
  /// `make` gives the handle of a word.
  template <class Make>
  by_word(std::span<const std::string_view> words, const Make& make) {
    for (const auto word : words) {
      words_.emplace_back(word);
      handles_.push_back(make(word));
    }
  }

  /// By the word; a word that is not in the list counts nothing.
  [[nodiscard]] Handle at(std::string_view word) const noexcept {
    const auto found = std::ranges::find(words_, word);
    return found == words_.end() ? Handle{}
                                 : handles_[static_cast<std::size_t>(found - words_.begin())];
  }
  /// By an enumerator whose values are the indices of the list, or by an index.
  template <class Index>
  requires std::is_enum_v<Index> || std::is_integral_v<Index>
  [[nodiscard]] Handle operator[](Index index) const noexcept {
    const auto at = static_cast<std::size_t>(index);
    return at < handles_.size() ? handles_[at] : Handle{};
  }
  [[nodiscard]] std::span<const std::string> words() const noexcept { return words_; }

 private:
  std::vector<std::string> words_;
  std::vector<Handle> handles_;
};

/// Shows a state as one gauge a state: 1 for the one it is in, 0 for the others.
inline void show_state(const by_word<gauge>& states, std::string_view state) noexcept {
  for (const auto& word : states.words()) states.at(word).set(word == state ? 1 : 0);
}

/// The metrics of a family that differ in one label, whose values are `words`.
[[nodiscard]] inline by_word<counter> counters_by(registry& in, const family& of,
                                                  std::string_view name,
                                                  std::span<const std::string_view> words,
                                                  const labels& also = {}) {
  return {words, [&](std::string_view word) {
            auto with = also;
            with.emplace_back(name, word);
            return in.add_counter(of, with);
          }};
}
[[nodiscard]] inline by_word<gauge> gauges_by(registry& in, const family& of, std::string_view name,
                                              std::span<const std::string_view> words,
                                              const labels& also = {}) {
  return {words, [&](std::string_view word) {
            auto with = also;
            with.emplace_back(name, word);
            return in.add_gauge(of, with);
          }};
}

}  // namespace keelson::metrics
