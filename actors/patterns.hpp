#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>

namespace keelson::actors {

/// Whether the whole text fits a pattern in which `*` stands for any run of bytes, also none, and
/// `?` for exactly one; every other byte stands for itself. Takes at most the product of the two
/// lengths: only the last `*` is ever gone back to.
[[nodiscard]] constexpr bool matches(std::string_view pattern, std::string_view text) noexcept {
  std::size_t p = 0;
  std::size_t t = 0;
  auto star = std::string_view::npos;
  std::size_t resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

/// Whether a store with these patterns keeps a collection. No patterns: it keeps all.
[[nodiscard]] inline bool matches_any(std::span<const std::string> patterns,
                                      std::string_view text) noexcept {
  return patterns.empty() || std::ranges::any_of(patterns, [text](const std::string& pattern) {
           return matches(pattern, text);
         });
}

}  // namespace keelson::actors
