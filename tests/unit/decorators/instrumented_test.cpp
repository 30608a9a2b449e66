#include "backends/decorators/instrumented.hpp"

#include <vector>

#include "backends/decorators/fault_injecting.hpp"
#include "tests/unit/decorators/stores.hpp"

using namespace keelson;
using namespace keelson::backends;
using namespace keelson::decorator_tests;

TEST_CASE("calls are timed and their failures counted") {
  metrics::registry all;
  const auto kv = metrics::store_metrics::of_secondary(all, "kv");
  const auto plan = std::make_shared<fault_plan>();
  const auto store = instrumented(fault_injecting(new_store(store_role::secondary), plan), kv);
  const auto session = must(store->open_secondary());
  const auto reader = must(store->open_reader());
  CHECK(kv.read_latency.count() == 0);

  must(put(*session, "a"));  // reads the state, then writes
  must(session->sync());
  must(reader->scan({}));
  CHECK(kv.write_latency.count() == 2);
  CHECK(kv.read_latency.count() == 2);
  CHECK(kv.write_failures.value() == 0);
  CHECK(kv.read_failures.value() == 0);

  plan->fail_next(call_kind::apply, 1, errc::storage_full);
  plan->fail_next(call_kind::sync, 1, errc::store_io);
  CHECK_FALSE(put(*session, "b"));
  CHECK_FALSE(session->sync());
  CHECK(kv.write_failures.value() == 2);
  plan->go_down();
  CHECK_FALSE(reader->point());
  CHECK_FALSE(store->open_reader());
  CHECK(kv.read_failures.value() == 2);
  CHECK(kv.write_failures.value() == 2);
}

TEST_CASE("to be elsewhere is an answer and no failure") {
  metrics::registry all;
  const auto kv = metrics::store_metrics::of_secondary(all, "kv");
  const auto store = instrumented(new_store(store_role::secondary), kv);
  const auto session = must(store->open_secondary());
  must(put(*session, "a"));
  const auto elsewhere = session->apply({.expected = {}, .next = {}});
  CHECK(code_of(elsewhere) == errc::wrong_position);
  CHECK(kv.write_failures.value() == 0);
  CHECK(kv.write_latency.count() == 2);
}

TEST_CASE("a primary's sessions are timed too") {
  metrics::registry all;
  const auto primary = metrics::store_metrics::of_primary(all);
  const auto store = instrumented(new_store(store_role::primary), primary);
  const auto session = must(store->open_primary());
  must(note(*session, "k"));
  must(session->trim({}, 10));
  CHECK(primary.write_latency.count() == 2);
  const auto reader = must(store->open_primary_reader());
  const auto before = primary.read_latency.count();
  CHECK(must(reader->meta()) == must(session->meta()));
  CHECK(must(reader->system_rows("", "", 10)).size() == 1);
  CHECK(must(reader->read_log({}, 10, 10)).records.empty());
  CHECK(must(reader->chain_at({})));
  CHECK(primary.read_latency.count() == before + 5);
}
