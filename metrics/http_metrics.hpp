#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "metrics/by_word.hpp"

namespace keelson::metrics {

/// What the front counts: requests and their latency by route and status, connections, bytes.
class http_metrics {
 public:
  /// `routes` are the names of the route table, in its order; requests that no route took are
  /// counted as the one behind the last, `none`.
  http_metrics(registry& in, std::span<const std::string_view> routes);

  /// A request was answered. A status that the API does not have is counted as `other`.
  void answered(std::size_t route, unsigned status, double seconds) const;

  gauge open_connections;
  counter connections;
  by_word<counter>
      refused;  ///< by what there was too much of: connections, requests; or too few: descriptors
  gauge requests_in_flight;

 private:
  struct row {
    by_word<counter> requests;
    std::vector<histogram> latency;
  };
  std::vector<row> rows_;
};

}  // namespace keelson::metrics
