#include "metrics/writer_metrics.hpp"

#include <array>

namespace keelson::metrics {

namespace {

constexpr std::array<std::string_view, 5> refusal_words{"overloaded", "unavailable", "storage_full",
                                                        "outcome_unknown", "too_large"};

const buckets& group_buckets() {
  static const buckets bounds{1, 2, 4, 8, 16, 32, 64, 128, 256};
  return bounds;
}

}  // namespace

writer_metrics::writer_metrics(registry& in, std::span<const std::string_view> state_words)
    : states(gauges_by(in, {"keelson_primary_state", "1 for the state that the primary is in."},
                       "state", state_words)),
      commits(in.add_counter({"keelson_commits_total", "Commits made durable."})),
      changes(in, {"keelson_changes_total",
                   "Changes made durable, by collection; the first 100 collections by name."}),
      group_commits(in.add_histogram(
          {"keelson_commit_group_size", "Commits that one transaction made durable together."}, {},
          group_buckets())),
      sync_latency(in.add_histogram(
          {"keelson_commit_sync_seconds", "Time of one transaction with its sync, in the primary."},
          {}, latency_buckets())),
      queue_commits(
          in.add_gauge({"keelson_writer_queue_commits", "Commits waiting for the writer."})),
      queue_bytes(in.add_gauge(
          {"keelson_writer_queue_bytes", "Bytes of the commits waiting for the writer."})),
      refusals(counters_by(
          in, {"keelson_writer_refusals_total", "Commits that were not made, by the error's code."},
          "code", refusal_words)),
      history_replaced(in.add_counter(
          {"keelson_history_replaced_total",
           "Times that committed history was found to be lost or replaced at an opening."})),
      last_sequence(
          in.add_gauge({"keelson_log_last_sequence", "Sequence of the last change in the log."})),
      oldest_sequence(in.add_gauge(
          {"keelson_log_oldest_sequence", "Sequence after which changes are retained."})),
      log_bytes(in.add_gauge(
          {"keelson_log_bytes", "Bytes of the names and values in retained changes."})),
      documents(in.add_gauge({"keelson_documents", "Documents in the primary."})),
      document_bytes(
          in.add_gauge({"keelson_document_bytes", "Bytes of the values in the primary."})) {
  show(state_words.front());
}

}  // namespace keelson::metrics
