#include "metrics/secondary_metrics.hpp"

namespace keelson::metrics {

secondary_metrics::secondary_metrics(registry& in, std::string_view name,
                                     std::span<const std::string_view> state_words)
    : lag_changes(
          in.add_gauge({"keelson_kv_lag_changes", "Changes that the secondary has not applied."},
                       {{"secondary", name}})),
      lag_seconds(in.add_gauge({"keelson_kv_lag_seconds",
                                "Age of the oldest change that the secondary has not applied."},
                               {{"secondary", name}})),
      states(gauges_by(in, {"keelson_kv_state", "1 for the state that the secondary is in."},
                       "state", state_words, {{"secondary", name}})),
      applied_changes(
          in.add_counter({"keelson_kv_applied_changes_total", "Changes applied to the secondary."},
                         {{"secondary", name}})),
      rebuilds(in.add_counter({"keelson_kv_rebuilds_total", "Rebuilds of the secondary begun."},
                              {{"secondary", name}})),
      documents(in.add_gauge({"keelson_kv_documents", "Documents in the secondary."},
                             {{"secondary", name}})),
      document_bytes(
          in.add_gauge({"keelson_kv_document_bytes", "Bytes of the values in the secondary."},
                       {{"secondary", name}})) {}

}  // namespace keelson::metrics
