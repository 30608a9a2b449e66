#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "metrics/http_metrics.hpp"
#include "protocols/http/access.hpp"
#include "protocols/http/options.hpp"

namespace keelson::http {

/// `GET /v1/status` and so on, in the order of the route table.
[[nodiscard]] std::span<const std::string_view> route_names();

/// What all sessions of a server share. Immutable but for the counters.
struct service_info {
  explicit service_info(server_options with)
      : options(std::move(with)),
        access(options.address, options.host_names, options.allowed_origins) {
    if (options.registry != nullptr) metrics.emplace(*options.registry, route_names());
  }

  const server_options options;
  const access_policy access;
  const std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();
  std::atomic<std::size_t> connections{0};
  std::optional<metrics::http_metrics> metrics;
};

}  // namespace keelson::http
