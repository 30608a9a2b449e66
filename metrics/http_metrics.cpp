#include "metrics/http_metrics.hpp"

#include <algorithm>
#include <array>

namespace keelson::metrics {

namespace {

constexpr auto status_words = std::to_array<std::string_view>(
    {"101", "200", "201", "202", "204", "206", "304", "400",  "401", "403",
     "404", "405", "408", "409", "410", "412", "413", "415",  "422", "426",
     "429", "431", "500", "501", "503", "504", "507", "other"});

/// Latencies keep apart only whose doing the outcome was: a histogram for each status would be a
/// hundred thousand lines.
constexpr std::array<std::string_view, 3> outcome_words{"success", "client_error", "server_error"};

constexpr std::array<std::string_view, 3> bound_words{"connections", "requests", "descriptors"};

std::size_t outcome_of(unsigned status) {
  if (status < 400) return 0;
  return status < 500 ? 1 : 2;
}

std::size_t index_of(unsigned status) {
  constexpr auto other = status_words.size() - 1;
  if (status < 100 || status > 999) return other;
  const std::array digits{static_cast<char>('0' + status / 100),
                          static_cast<char>('0' + status / 10 % 10),
                          static_cast<char>('0' + status % 10)};
  const std::string_view word(digits.data(), digits.size());
  const auto found = std::lower_bound(status_words.begin(), status_words.end() - 1, word);
  return found != status_words.end() && *found == word
             ? static_cast<std::size_t>(found - status_words.begin())
             : other;
}

}  // namespace

http_metrics::http_metrics(registry& in, std::span<const std::string_view> routes)
    : open_connections(
          in.add_gauge({"keelson_http_open_connections", "Connections that are open now."})),
      connections(in.add_counter({"keelson_http_connections_total", "Connections accepted."})),
      refused(counters_by(in,
                          {"keelson_http_refusals_total",
                           "Connections and requests refused because there were too many."},
                          "of", bound_words)),
      requests_in_flight(
          in.add_gauge({"keelson_http_requests_in_flight", "Requests that have no answer yet."})) {
  const auto add = [&](std::string_view route) {
    row made{.requests = counters_by(
                 in, {"keelson_http_requests_total", "Requests answered, by route and status."},
                 "status", status_words, {{"route", route}})};
    for (const auto outcome : outcome_words) {
      made.latency.push_back(in.add_histogram(
          {"keelson_http_request_duration_seconds",
           "Time from the end of a request's head to the last byte of its answer."},
          {{"route", route}, {"outcome", outcome}}, latency_buckets()));
    }
    rows_.push_back(std::move(made));
  };
  for (const auto route : routes) add(route);
  add("none");
}

void http_metrics::answered(std::size_t route, unsigned status, double seconds) const {
  const auto& row = rows_[std::min(route, rows_.size() - 1)];
  row.requests[index_of(status)].add();
  row.latency[outcome_of(status)].observe(seconds);
}

}  // namespace keelson::metrics
