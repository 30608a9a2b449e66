#include <array>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>
#include <sys/resource.h>
#include <unistd.h>

#include "metrics/by_collection.hpp"
#include "metrics/http_metrics.hpp"
#include "metrics/process_metrics.hpp"
#include "metrics/secondary_metrics.hpp"
#include "metrics/validator_metrics.hpp"
#include "metrics/writer_metrics.hpp"
#include "tests/unit/metrics/exposition.hpp"

using namespace keelson::metrics;
using keelson::metrics_tests::samples;

TEST_CASE("a handle from nothing counts nothing") {
  counter().add();
  gauge().set(1);
  histogram().observe(1);
  CHECK(counter().value() == 0);
  CHECK(by_word<counter>().at("x").value() == 0);
}

TEST_CASE("the same name with the same labels is the same metric") {
  registry all;
  const auto first = all.add_counter({"keelson_x_total", "X."}, {{"a", "1"}, {"b", "2"}});
  const auto second = all.add_counter({"keelson_x_total", "X."}, {{"b", "2"}, {"a", "1"}});
  first.add(3);
  CHECK(second.value() == 3);
}

TEST_CASE("counters are exact when threads count together") {
  registry all;
  counter_by_collection changes(all, {"keelson_x_total", "X."});
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&] {
      for (int n = 0; n < 10'000; ++n) changes.of("c" + std::to_string(n % 8)).add();
    });
  }
  for (auto& thread : threads) thread.join();
  for (int n = 0; n < 8; ++n) CHECK(changes.of("c" + std::to_string(n)).value() == 5000);
}

TEST_CASE("collections beyond the hundredth share one label") {
  registry all;
  writer_metrics writer(all, std::array<std::string_view, 1>{"starting"});
  for (int n = 0; n < 250; ++n) writer.changes.of("collection-" + std::to_string(n)).add();
  writer.changes.of("collection-0").add();
  writer.changes.of("collection-249").add();
  const auto seen = samples(all);
  CHECK(seen.at("keelson_changes_total{collection=\"collection-0\"}") == 2);
  CHECK(seen.at("keelson_changes_total{collection=\"collection-99\"}") == 1);
  CHECK(seen.at("keelson_changes_total{collection=\"other\"}") == 151);
  CHECK_FALSE(seen.contains("keelson_changes_total{collection=\"collection-100\"}"));
}

TEST_CASE("requests are counted by route and status") {
  registry all;
  constexpr std::array<std::string_view, 2> routes{"get_document", "put_document"};
  http_metrics http(all, routes);
  CHECK(samples(all).at("keelson_http_requests_total{route=\"put_document\",status=\"503\"}") == 0);
  for (const unsigned status : {100U, 200U, 201U, 404U, 504U, 507U, 599U, 7U, 4000U}) {
    http.answered(1, status, 0.002);
  }
  http.answered(2, 404, 0.002);
  http.answered(99, 404, 0.002);
  const auto seen = samples(all);
  const auto requests = [&](const std::string& route, const std::string& status) {
    return seen.at("keelson_http_requests_total{route=\"" + route + "\",status=\"" + status +
                   "\"}");
  };
  for (const auto* status : {"200", "201", "404", "504", "507"}) {
    CHECK(requests("put_document", status) == 1);
  }
  CHECK(requests("put_document", "other") == 4);
  CHECK(requests("get_document", "200") == 0);
  CHECK(requests("none", "404") == 2);
  const std::string latency = "keelson_http_request_duration_seconds_count{outcome=\"";
  CHECK(seen.at(latency + "success\",route=\"put_document\"}") == 4);
  CHECK(seen.at(latency + "client_error\",route=\"put_document\"}") == 1);
  CHECK(seen.at(latency + "server_error\",route=\"put_document\"}") == 4);
}

TEST_CASE("a secondary is in exactly one state") {
  registry all;
  constexpr std::array<std::string_view, 3> states{"live", "catching_up", "broken"};
  const secondary_metrics secondary(all, "kv", states);
  secondary.show("live");
  secondary.show("broken");
  const auto seen = samples(all);
  CHECK(seen.at("keelson_kv_state{secondary=\"kv\",state=\"broken\"}") == 1);
  CHECK(seen.at("keelson_kv_state{secondary=\"kv\",state=\"live\"}") == 0);
}

TEST_CASE("results and kinds are found by word and by index") {
  registry all;
  const comparison_metrics kv(all, "kv");
  kv.comparisons.at("different").add();
  kv.comparisons[2].add();
  kv.comparisons.at("no such word").add();
  kv.comparisons[17].add();
  CHECK(samples(all).at("keelson_comparisons_total{result=\"different\",secondary=\"kv\"}") == 2);
}

TEST_CASE("the process figures are those of this process") {
  registry all;
  process_metrics process(all);
  process.refresh();
  const auto before = samples(all);
  CHECK(before.at("keelson_process_resident_memory_bytes") > 1e6);
  CHECK(before.at("keelson_process_virtual_memory_bytes") >=
        before.at("keelson_process_resident_memory_bytes"));
  CHECK(before.at("keelson_process_start_time_seconds") > 1.6e9);
  CHECK(before.at("keelson_process_max_fds") >= before.at("keelson_process_open_fds"));

  std::thread another([&] {
    process.refresh();
    const auto with_it = samples(all);
    CHECK(with_it.at("keelson_process_threads") == before.at("keelson_process_threads") + 1);
    CHECK(with_it.at("keelson_process_open_fds") == before.at("keelson_process_open_fds"));
    CHECK(with_it.at("keelson_process_cpu_seconds_total") >=
          before.at("keelson_process_cpu_seconds_total"));
  });
  another.join();
}

TEST_CASE("a process that has used up its descriptors says so") {
  registry all;
  process_metrics process(all);
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
  rlimit few = before;
  few.rlim_cur = 64;
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &few) == 0);
  std::vector<int> taken;
  for (int next = ::dup(STDERR_FILENO); next >= 0; next = ::dup(STDERR_FILENO)) {
    taken.push_back(next);
  }
  process.refresh();
  for (const int each : taken) ::close(each);
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &before) == 0);
  CHECK(samples(all).at("keelson_process_max_fds") == 64);
  CHECK(samples(all).at("keelson_process_open_fds") == 64);
}
