#pragma once

#include <memory>

#include "backends/store.hpp"
#include "metrics/store_metrics.hpp"

namespace keelson::backends {

/// The same store; the latency of each call and its failures go into `metrics`. A commit that is
/// fenced and an apply that stands elsewhere are answers, not failures.
[[nodiscard]] std::shared_ptr<store> instrumented(std::shared_ptr<store> inner,
                                                  const metrics::store_metrics& metrics);

}  // namespace keelson::backends
