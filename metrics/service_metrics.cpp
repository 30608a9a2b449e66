#include "metrics/service_metrics.hpp"

namespace keelson::metrics {

service_metrics::service_metrics(registry& in, std::string_view version,
                                 std::span<const std::string_view> actors)
    : restarts(counters_by(in,
                           {"keelson_actor_restarts_total",
                            "Times that an actor was started again after it had failed."},
                           "actor", actors)),
      build_info(in.add_gauge({"keelson_build_info", "1; what is running stands in the labels."},
                              {{"version", version}, {"compiler", "gcc " __VERSION__}})) {
  build_info.set(1);
}

}  // namespace keelson::metrics
