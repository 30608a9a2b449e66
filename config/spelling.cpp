#include "config/spelling.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace keelson::config {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> older(b.size() + 1);
  std::vector<std::size_t> old(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) old[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = old[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U);
      row[j] = std::min({old[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], older[j - 2] + 1);
      }
    }
    std::swap(older, old);
    std::swap(old, row);
  }
  return old[b.size()];
}

std::string_view nearest(std::string_view text, std::span<const std::string> names) {
  constexpr std::string_view joints = ".-_";
  std::string_view best;
  std::size_t least = 0;
  for (const std::string& name : names) {
    const bool continues = name.size() > text.size() && name.starts_with(text) &&
                           joints.find(name[text.size()]) != std::string_view::npos;
    const std::size_t distance = continues ? 1 : edit_distance(text, name);
    if (3 * distance > name.size()) continue;
    if (best.empty() || distance < least) {
      best = name;
      least = distance;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view text, std::span<const std::string> names) {
  const auto name = nearest(text, names);
  return name.empty() ? "" : "; did you mean '" + std::string(name) + "'?";
}

}  // namespace keelson::config
