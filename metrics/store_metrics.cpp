#include "metrics/store_metrics.hpp"

namespace keelson::metrics {

store_metrics store_metrics::of_primary(registry& in) {
  return {
      .write_failures = in.add_counter(
          {"keelson_primary_write_failures_total", "Calls that write to the primary and failed."}),
      .read_failures = in.add_counter(
          {"keelson_primary_read_failures_total", "Calls that read the primary and failed."}),
      .write_latency = in.add_histogram(
          {"keelson_primary_write_latency_seconds", "Time of a call that writes to the primary."},
          {}, latency_buckets()),
      .read_latency = in.add_histogram(
          {"keelson_primary_read_latency_seconds", "Time of a call that reads the primary."}, {},
          latency_buckets()),
  };
}

store_metrics store_metrics::of_secondary(registry& in, std::string_view name) {
  const labels with{{"secondary", name}};
  return {
      .write_failures = in.add_counter(
          {"keelson_kv_write_failures_total", "Calls that write to the secondary and failed."},
          with),
      .read_failures = in.add_counter(
          {"keelson_kv_read_failures_total", "Calls that read the secondary and failed."}, with),
      .write_latency = in.add_histogram(
          {"keelson_kv_write_latency_seconds", "Time of a call that writes to the secondary."},
          with, latency_buckets()),
      .read_latency = in.add_histogram(
          {"keelson_kv_read_latency_seconds", "Time of a call that reads the secondary."}, with,
          latency_buckets()),
  };
}

}  // namespace keelson::metrics
