#pragma once

#include <string_view>

#include "metrics/registry.hpp"

namespace keelson::metrics {

/// What is measured of every store, by whoever calls it.
struct store_metrics {
  /// `keelson_primary_...`
  [[nodiscard]] static store_metrics of_primary(registry& in);
  /// `keelson_kv_...` with the label `secondary`.
  [[nodiscard]] static store_metrics of_secondary(registry& in, std::string_view name);

  counter write_failures;
  counter read_failures;
  histogram write_latency;  ///< in seconds
  histogram read_latency;   ///< in seconds
};

}  // namespace keelson::metrics
