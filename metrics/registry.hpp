#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "metrics/handles.hpp"

namespace keelson::metrics {

/// A metric's name (`keelson_..._total` for a counter, base units) and a sentence about it.
struct family {
  std::string_view name;
  std::string_view help;
};

using label = std::pair<std::string_view, std::string_view>;
using labels = std::vector<label>;

/// Upper bounds of a histogram's buckets.
using buckets = std::vector<double>;

/// From 100 microseconds to 10 seconds.
[[nodiscard]] const buckets& latency_buckets();

/// All metrics of one service. Adding the same name with the same labels gives the same metric.
/// Everything is added while the service is built, so that it is there with 0 from the start; only
/// what clients name (a collection, a status) comes later. Every call is safe from any thread. A
/// name that Prometheus does not allow is a programmer's error and throws.
class registry {
 public:
  registry();
  ~registry();
  registry(const registry&) = delete;
  registry& operator=(const registry&) = delete;

  [[nodiscard]] counter add_counter(const family& of, const labels& with = {});
  [[nodiscard]] gauge add_gauge(const family& of, const labels& with = {});
  [[nodiscard]] histogram add_histogram(const family& of, const labels& with,
                                        const buckets& bounds);

  /// The text exposition format, version 0.0.4.
  [[nodiscard]] std::string expose() const;
  static constexpr std::string_view content_type = "text/plain; version=0.0.4; charset=utf-8";

 private:
  class contents;
  std::unique_ptr<contents> contents_;
};

}  // namespace keelson::metrics
