#pragma once

#include <map>
#include <string>

#include "metrics/registry.hpp"

namespace keelson::metrics_tests {

/// The samples of an exposition: from the name with its labels, as it is written, to the value.
[[nodiscard]] inline std::map<std::string, double> samples(const metrics::registry& of) {
  std::map<std::string, double> found;
  const auto text = of.expose();
  for (std::size_t from = 0; from < text.size();) {
    const auto end = text.find('\n', from);
    const auto line = text.substr(from, end - from);
    from = end + 1;
    if (line.starts_with('#')) continue;
    const auto space = line.rfind(' ');
    found[line.substr(0, space)] = std::stod(line.substr(space + 1));
  }
  return found;
}

}  // namespace keelson::metrics_tests
