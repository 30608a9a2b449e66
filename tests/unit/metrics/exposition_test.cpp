#include "tests/unit/metrics/exposition.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <catch2/catch.hpp>

#include "metrics/feed_metrics.hpp"
#include "metrics/http_metrics.hpp"
#include "metrics/process_metrics.hpp"
#include "metrics/secondary_metrics.hpp"
#include "metrics/service_metrics.hpp"
#include "metrics/store_metrics.hpp"
#include "metrics/validator_metrics.hpp"
#include "metrics/writer_metrics.hpp"

using namespace keelson::metrics;
using keelson::metrics_tests::samples;

namespace {

constexpr std::array<std::string_view, 2> routes{"get_document", "put_document"};
constexpr std::array<std::string_view, 2> states{"live", "broken"};
constexpr std::array<std::string_view, 2> actors{"writer", "feed"};

/// Every component once, as a service builds them.
struct all_components {
  registry all;
  http_metrics http{all, routes};
  writer_metrics writer{all, states};
  store_metrics primary = store_metrics::of_primary(all);
  store_metrics kv_store = store_metrics::of_secondary(all, "kv");
  secondary_metrics kv{all, "kv", states};
  secondary_metrics mirror{all, "a \"quoted\" \\ name", states};
  comparison_metrics kv_comparisons{all, "kv"};
  validator_metrics validator{all};
  feed_metrics feed{all};
  service_metrics service{all, "0.1.0", actors};
  process_metrics process{all};
};

/// What `promtool check metrics` says about a text, and whether it is content.
struct verdict {
  int status = -1;
  std::string said;
};

verdict check(const std::string& exposition) {
  auto name = (std::filesystem::temp_directory_path() / "keelson-metrics-XXXXXX").string();
  const int file = ::mkstemp(name.data());
  REQUIRE(file >= 0);
  std::ofstream(name) << exposition;
  const auto command = "promtool check metrics < '" + name + "' > '" + name + ".said' 2>&1";
  verdict found;
  found.status = std::system(command.c_str());
  std::ostringstream said;
  said << std::ifstream(name + ".said").rdbuf();
  found.said = said.str();
  std::filesystem::remove(name);
  std::filesystem::remove(name + ".said");
  return found;
}

}  // namespace

TEST_CASE("promtool finds nothing to say about our metrics") {
  const all_components components;
  const auto found = check(components.all.expose());
  INFO(found.said);
  CHECK(found.said.empty());
  CHECK(found.status == 0);
}

TEST_CASE("promtool would find a bad name") {
  registry all;
  const auto bad = all.add_counter({"keelson_milliseconds", "No unit of ours, and no _total."});
  bad.add();
  const auto found = check(all.expose());
  CHECK(found.status != 0);
  CHECK_FALSE(found.said.empty());
}

TEST_CASE("everything is there with 0 before anything happened") {
  const all_components components;
  const auto seen = samples(components.all);
  for (const auto* name : {
           "keelson_http_requests_total{route=\"none\",status=\"404\"}",
           "keelson_commits_total",
           "keelson_changes_total{collection=\"other\"}",
           "keelson_commit_group_size_count",
           "keelson_commit_sync_seconds_count",
           "keelson_writer_queue_commits",
           "keelson_writer_refusals_total{code=\"overloaded\"}",
           "keelson_history_replaced_total",
           "keelson_primary_write_failures_total",
           "keelson_kv_write_failures_total{secondary=\"kv\"}",
           "keelson_kv_read_failures_total{secondary=\"kv\"}",
           "keelson_kv_write_latency_seconds_count{secondary=\"kv\"}",
           "keelson_kv_read_latency_seconds_count{secondary=\"kv\"}",
           "keelson_kv_lag_changes{secondary=\"kv\"}",
           "keelson_kv_lag_seconds{secondary=\"kv\"}",
           "keelson_kv_state{secondary=\"kv\",state=\"broken\"}",
           "keelson_data_inconsistencies_total{kind=\"stale\",secondary=\"kv\"}",
           "keelson_open_differences{secondary=\"kv\"}",
           "keelson_oldest_open_difference_seconds{secondary=\"kv\"}",
           "keelson_comparisons_total{result=\"unknown\",secondary=\"kv\"}",
           "keelson_checks_let_go_total",
           "keelson_subscribers{state=\"catching_up\"}",
           "keelson_events_sent_total",
           "keelson_actor_restarts_total{actor=\"writer\"}",
       }) {
    CAPTURE(name);
    REQUIRE(seen.contains(name));
    CHECK(seen.at(name) == 0);
  }
  CHECK(seen.contains("keelson_kv_lag_changes{secondary=\"a \\\"quoted\\\" \\\\ name\"}"));
}

TEST_CASE("every metric has our prefix and a sentence of help") {
  const all_components components;
  const auto text = components.all.expose();
  std::istringstream lines(text);
  std::size_t helps = 0;
  std::size_t types = 0;
  for (std::string line; std::getline(lines, line);) {
    CAPTURE(line);
    if (line.starts_with("# HELP ")) {
      ++helps;
      CHECK(line.starts_with("# HELP keelson_"));
      CHECK(line.ends_with("."));
    } else if (line.starts_with("# TYPE ")) {
      ++types;
    } else {
      CHECK(line.starts_with("keelson_"));
    }
  }
  CHECK(helps == types);
  CHECK(helps >= 40);
}
