#pragma once

#include <span>
#include <string_view>

#include "metrics/by_word.hpp"

namespace keelson::metrics {

/// What is known of the service as a whole.
struct service_metrics {
  /// `actors` are the names of the supervised children.
  service_metrics(registry& in, std::string_view version, std::span<const std::string_view> actors);

  by_word<counter> restarts;  ///< by `actor`
  gauge build_info;           ///< always 1; the version is its label
};

}  // namespace keelson::metrics
