#include "metrics/validator_metrics.hpp"

#include <array>

namespace keelson::metrics {

namespace {

constexpr std::array<std::string_view, 5> kind_words{"missing", "surplus", "stale", "differing",
                                                     "corrupt"};
constexpr std::array<std::string_view, 4> result_words{"equal", "pending", "different", "unknown"};

}  // namespace

comparison_metrics::comparison_metrics(registry& in, std::string_view secondary)
    : inconsistencies(
          counters_by(in,
                      {"keelson_data_inconsistencies_total",
                       "Differences between primary and secondary that opened, by kind."},
                      "kind", kind_words, {{"secondary", secondary}})),
      open_differences(in.add_gauge({"keelson_open_differences", "Differences that are open now."},
                                    {{"secondary", secondary}})),
      oldest_difference(in.add_gauge({"keelson_oldest_open_difference_seconds",
                                      "Age of the oldest open difference; 0 when none is open."},
                                     {{"secondary", secondary}})),
      comparisons(counters_by(
          in, {"keelson_comparisons_total", "Documents compared with the secondary, by result."},
          "result", result_words, {{"secondary", secondary}})) {}

validator_metrics::validator_metrics(registry& in)
    : checks_let_go(in.add_counter(
          {"keelson_checks_let_go_total",
           "Checks of reads not made because the budget or the queue was exhausted."})),
      queue_checks(
          in.add_gauge({"keelson_validator_queue_checks", "Checks waiting for the validator."})) {}

}  // namespace keelson::metrics
