#include <stdexcept>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/atom.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/stateful_actor.hpp>
#include <catch2/catch.hpp>
#include <spdlog/spdlog.h>

#include "actors/validator/validator_front.hpp"
#include "metrics/registry.hpp"
#include "tests/unit/validator/world.hpp"

// The validator as an actor, under virtual time, over stores in memory.
namespace keelson::validator {

using namespace messages;
using test::world;

namespace {

document_id id_of(std::string collection, std::string key) {
  return {collection_name::trusted(std::move(collection)), document_key::trusted(std::move(key))};
}

const auto aa = id_of("aa", "1");
const auto bb = id_of("bb", "1");

struct test_system {
  test_system() {
    spdlog::set_level(spdlog::level::off);
    config.set("scheduler.policy", caf::atom("testing"));
    system.emplace(config);
  }
  caf::actor_system_config config;
  std::optional<caf::actor_system> system;
};

/// A driver with a bug.
class throwing_store final : public backends::store {
 public:
  backends::capabilities abilities() const override { return {}; }
  result<std::unique_ptr<backends::primary_session>> open_primary() override { throw bug(); }
  result<std::unique_ptr<backends::secondary_session>> open_secondary() override { throw bug(); }
  result<std::unique_ptr<backends::store_reader>> open_reader() override { throw bug(); }
  result<std::unique_ptr<backends::primary_reader>> open_primary_reader() override { throw bug(); }

 private:
  static std::logic_error bug() { return std::logic_error("a bug of a driver"); }
};

struct house {
  explicit house(validator_options options = one_secondary()) {
    options.metrics = &metrics;
    stores.write_document(aa, "1");
    stores.write_document(bb, "1");
    stores.catch_up();
    validator = self->spawn(run_validator, std::move(options),
                            wall_clock([this] { return timestamp{wall_time}; }),
                            actors::worker_thread::shared);
    open("primary", stores.primary_store());
    open("kv", stores.secondary_store());
  }
  ~house() {
    caf::anon_send_exit(validator, caf::exit_reason::kill);
    run();
  }

  static validator_options one_secondary() {
    validator_options out;
    out.secondaries = {{.name = "kv"}};
    return out;
  }

  void run() { coordinator.run(); }
  /// The world's random steps between any two messages.
  void run_among_writes() {
    while (coordinator.try_run_once()) {
      for (auto steps = stores.below(3); steps-- > 0;) stores.random_step();
    }
  }
  void pass_time(std::chrono::milliseconds time) {
    coordinator.advance_time(time);
    run();
  }
  void open(std::string name, std::shared_ptr<backends::store> store) {
    self->send(validator, opened_atom::value,
               actors::opened_store{.name = std::move(name), .store = std::move(store)});
    run();
  }
  void close(std::string name) {
    self->send(validator, closed_atom::value, std::move(name));
    run();
  }

  /// The answer to a request, when all that can run has run.
  template <class T, class... Args>
  T ask(Args... args) {
    auto pending = self->request(validator, caf::infinite, std::move(args)...);
    run();
    return wait<T>(pending);
  }
  template <class T, class Pending>
  T wait(Pending& pending) {
    T out;
    pending.receive([&out](T& got) { out = std::move(got); },
                    [](const caf::error&) { FAIL("no answer"); });
    return out;
  }
  comparison compare(const document_id& id) {
    const auto out = ask<comparisons>(compare_atom::value, request_context{}, id);
    REQUIRE(out.entries.size() == 1);
    return out.entries.front().outcome;
  }
  void check(std::vector<document_id> ids) {
    self->send(validator, check_atom::value, check_batch{std::move(ids)});
    run();
  }
  validator_status status() { return ask<validator_status>(status_atom::value); }
  std::string verify(verify_request asked = {}) {
    auto id = ask<messages::answer<std::string>>(verify_atom::value, std::move(asked));
    REQUIRE(id);
    return id.value;
  }
  verify_report report(const std::string& id) {
    auto out = ask<messages::answer<verify_report>>(report_atom::value, id);
    REQUIRE(out);
    return out.value;
  }
  bool shows(const std::string& line) { return metrics.expose().find(line) != std::string::npos; }

  test_system system;
  caf::scheduler::test_coordinator& coordinator =
      dynamic_cast<caf::scheduler::test_coordinator&>(system.system->scheduler());
  metrics::registry metrics;
  std::int64_t wall_time = 1'000'000;
  world stores{1};
  caf::scoped_actor self{*system.system};
  validator_front validator;
};

}  // namespace

TEST_CASE("a document is compared for somebody who waits") {
  house h;
  CHECK(h.compare(aa) == comparison::equal);
  CHECK(h.compare(id_of("aa", "none")) == comparison::equal);
  h.stores.write_document(aa, "2");
  CHECK(h.compare(aa) == comparison::pending);
  h.stores.catch_up();
  CHECK(h.compare(aa) == comparison::equal);
  h.stores.damage(difference_kind::differing, aa);
  CHECK(h.compare(aa) == comparison::different);
  h.close("kv");
  CHECK(h.compare(aa) == comparison::unknown);
  h.open("kv", h.stores.secondary_store());
  CHECK(h.compare(aa) == comparison::different);
  h.close("primary");
  CHECK(h.compare(aa) == comparison::unknown);
}

TEST_CASE("an answer that is not there at the deadline is unknown") {
  house h;
  request_context context;
  context.timeout_milliseconds = 50;
  auto pending = h.self->request(h.validator, caf::infinite, compare_atom::value, context, aa);
  // The front takes the request; its worker does not get to run before time has passed.
  h.coordinator.run_once();
  h.coordinator.advance_time(std::chrono::milliseconds(50));
  h.coordinator.prioritize(h.validator);
  h.coordinator.run_once();
  const auto out = h.wait<comparisons>(pending);
  REQUIRE(out.entries.size() == 1);
  CHECK(out.entries.front().secondary == "kv");
  CHECK(out.entries.front().outcome == comparison::unknown);
  h.run();
  CHECK(h.compare(aa) == comparison::equal);
}

TEST_CASE("only secondaries that keep the collection are asked") {
  auto options = house::one_secondary();
  options.secondaries[0].collections = {"a*"};
  house h(options);
  CHECK(h.compare(aa) == comparison::equal);
  CHECK(h.ask<comparisons>(compare_atom::value, request_context{}, bb).entries.empty());
  h.stores.damage(difference_kind::missing, bb);
  h.check({bb});
  CHECK(h.status().checks == 1);
  const auto report = h.report(h.verify());
  CHECK(report.state == pass_state::equal);
  CHECK(report.secondaries.front().counts.equal == 1);
}

TEST_CASE("a difference that a read shows is counted once, in status, and closed when it is gone") {
  house h;
  h.stores.damage(difference_kind::differing, aa);
  h.check({aa, bb});
  h.wall_time = 5'000'000;
  h.check({aa, aa});
  auto status = h.status();
  CHECK(status.checks == 4);
  REQUIRE(status.open_total == 1);
  CHECK(status.open.front().id == aa);
  CHECK(status.open.front().kind == "differing");
  CHECK(status.open.front().found == timestamp{1'000'000});
  CHECK(h.shows("keelson_data_inconsistencies_total{kind=\"differing\",secondary=\"kv\"} 1"));
  CHECK(h.shows("keelson_open_differences{secondary=\"kv\"} 1"));
  CHECK(h.shows("keelson_oldest_open_difference_seconds{secondary=\"kv\"} 4"));
  CHECK(h.shows("keelson_comparisons_total{result=\"different\",secondary=\"kv\"} 3"));
  CHECK(h.shows("keelson_comparisons_total{result=\"equal\",secondary=\"kv\"} 1"));

  h.stores.write_document(aa, "2");
  h.stores.catch_up();
  SECTION("by a check") {
    h.check({aa});
  }
  SECTION("by a pass") {
    CHECK(h.report(h.verify()).state == pass_state::equal);
  }
  CHECK(h.status().open_total == 0);
  CHECK(h.shows("keelson_open_differences{secondary=\"kv\"} 0"));
}

TEST_CASE("checks beyond the budget or the queue's bound are let go, and counted") {
  auto options = house::one_secondary();
  options.checks_per_second = 10;
  SECTION("the budget") {
    house h(options);
    h.check(std::vector<document_id>(25, aa));
    CHECK(h.status().checks == 10);
    CHECK(h.status().checks_let_go == 15);
    CHECK(h.shows("keelson_checks_let_go_total 15"));
    h.pass_time(std::chrono::milliseconds(200));
    h.check(std::vector<document_id>(5, aa));
    CHECK(h.status().checks == 12);
  }
  SECTION("the queue") {
    options.queued_checks = 4;
    house h(options);
    h.check(std::vector<document_id>(8, aa));
    CHECK(h.status().checks == 4);
    CHECK(h.status().checks_let_go == 4);
  }
  SECTION("reads are not to be checked") {
    options.secondaries[0].reads = read_checks::off;
    house h(options);
    h.check({aa});
    CHECK(h.status().checks == 0);
    CHECK(h.status().checks_let_go == 0);
  }
}

TEST_CASE("a full comparison reports every kind of difference, with counts") {
  house h;
  for (int i = 0; i < 40; ++i) h.stores.write_document(id_of("cities", std::to_string(i)), "1");
  h.stores.catch_up();
  h.stores.damage(difference_kind::missing, id_of("cities", "0"));
  h.stores.damage(difference_kind::stale, id_of("cities", "1"));
  h.stores.damage(difference_kind::differing, id_of("cities", "2"));
  h.stores.damage(difference_kind::corrupt, id_of("cities", "3"));
  h.stores.damage(difference_kind::surplus, id_of("zz", "4"));
  const auto id = h.verify();
  const auto report = h.report(id);
  CHECK(report.state == pass_state::different);
  CHECK(report.progress == 1);
  REQUIRE(report.secondaries.size() == 1);
  const auto& kv = report.secondaries.front();
  CHECK(kv.counts.equal == 38);
  CHECK(kv.counts.different == 5);
  CHECK(kv.counts.pending + kv.counts.unknown == 0);
  CHECK(kv.differences_total == 5);
  CHECK(kv.from == h.stores.meta().end().at);
  CHECK(kv.to == kv.from);
  std::vector<std::string> kinds;
  for (const auto& difference : report.differences) {
    CHECK(difference.secondary == "kv");
    kinds.push_back(difference.kind);
  }
  CHECK(kinds == std::vector<std::string>{"missing", "stale", "differing", "corrupt", "surplus"});
  const auto page = h.ask<messages::answer<differences_page>>(
      differ_atom::value, differences_request{.pass = id, .after = 4});
  REQUIRE(page);
  REQUIRE(page.value.differences.size() == 1);
  CHECK(page.value.differences.front().id == id_of("zz", "4"));
  CHECK(page.value.at_end == 1);
  const auto status = h.status();
  CHECK(status.open_total == 5);
  CHECK(status.last_full_pass == id);
  CHECK(status.last_full_state == "different");
  CHECK(status.running_pass.empty());
}

TEST_CASE("a secondary that lags is pending, never equal, where it has not got to") {
  house h;
  h.stores.write_document(aa, "2");
  h.stores.remove_document(bb);
  const auto report = h.report(h.verify());
  CHECK(report.state == pass_state::running);  // it waits for the secondary
  CHECK(report.secondaries.front().counts.pending == 2);
  CHECK(report.secondaries.front().differences_total == 0);
}

TEST_CASE("a pass waits for what the secondary has yet to do, and is incomplete without it") {
  house h;
  h.stores.damage(difference_kind::missing, aa);
  h.stores.write_document(aa, "2");
  const auto id = h.verify();
  CHECK(h.report(id).state == pass_state::running);
  CHECK(h.report(id).secondaries.front().counts.pending == 1);
  CHECK(h.status().running_pass == id);
  CHECK(h.ask<messages::answer<std::string>>(verify_atom::value, verify_request{}).problem.code ==
        errc::busy);
  SECTION("it comes") {
    h.stores.catch_up();
    h.pass_time(std::chrono::seconds(1));
    CHECK(h.report(id).state == pass_state::equal);
    CHECK(h.report(id).secondaries.front().counts.equal == 2);
  }
  SECTION("it does not come") {
    for (int i = 0; i < 70; ++i) h.pass_time(std::chrono::milliseconds(500));
    const auto report = h.report(id);
    CHECK(report.state == pass_state::incomplete);
    CHECK(report.secondaries.front().counts.pending == 1);
    CHECK(report.secondaries.front().counts.equal == 1);
    CHECK(h.status().open_total == 0);
  }
  SECTION("it is stopped") {
    const auto stopped = h.ask<messages::answer<verify_report>>(cancel_atom::value, id);
    CHECK(stopped.value.state == pass_state::stopped);
    h.stores.catch_up();
    h.pass_time(std::chrono::seconds(1));
    CHECK(h.report(id).state == pass_state::stopped);
    CHECK(h.status().last_full_pass.empty());
    CHECK(h.report(h.verify()).state == pass_state::equal);
  }
}

TEST_CASE("a pass is never equal over what it could not compare") {
  house h;
  SECTION("the secondary is being rebuilt") {
    h.stores.rebuild();
  }
  SECTION("the secondary is closed") {
    h.close("kv");
  }
  SECTION("the primary is closed") {
    h.close("primary");
  }
  const auto id = h.verify();
  for (int i = 0; i < 70; ++i) h.pass_time(std::chrono::milliseconds(500));
  const auto report = h.report(id);
  CHECK(report.state == pass_state::incomplete);
  CHECK(report.secondaries.front().counts.equal == 0);
  CHECK(!report.secondaries.front().reason.empty());
  CHECK(h.status().last_full_state == "incomplete");
}

TEST_CASE("passes and checks among writes report only what was damaged") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    auto options = house::one_secondary();
    options.limits.piece_documents = 1 + seed % 5;
    house h(options);
    h.stores.touched.clear();
    for (int round = 0; round < 10; ++round) {
      h.self->send(h.validator, verify_atom::value, verify_request{});
      h.self->send(h.validator, check_atom::value,
                   check_batch{{h.stores.random_id(), h.stores.written_id()}});
      h.run_among_writes();
      h.coordinator.advance_time(std::chrono::milliseconds(500));
      h.run_among_writes();
    }
    for (const auto& open : h.status().open) {
      CAPTURE(open.id.collection.text(), open.id.key.text(), open.kind);
      REQUIRE(h.stores.touched.contains(open.id));
    }
    h.stores.catch_up();
    h.pass_time(std::chrono::seconds(40));
    h.verify();
    const auto status = h.status();
    REQUIRE(status.open_total == h.stores.damaged().size());
    for (const auto& open : status.open) REQUIRE(h.stores.damaged().contains(open.id));
  }
}

TEST_CASE("a worker that dies is replaced, and who waited is answered") {
  house h;
  h.open("kv", std::make_shared<throwing_store>());
  auto pending =
      h.self->request(h.validator, caf::infinite, compare_atom::value, request_context{}, aa);
  h.run();
  CHECK(h.wait<comparisons>(pending).entries.front().outcome == comparison::unknown);
  h.open("kv", h.stores.secondary_store());
  h.pass_time(std::chrono::seconds(1));
  CHECK(h.compare(aa) == comparison::equal);
}

TEST_CASE("the validator stops with everybody answered and every store let go") {
  house h;
  h.stores.write_document(aa, "2");
  const auto id = h.verify();
  auto waiting =
      h.self->request(h.validator, caf::infinite, compare_atom::value, request_context{}, aa);
  h.coordinator.run_once();
  auto stopped = h.self->request(h.validator, caf::infinite, stop_atom::value);
  h.run();
  h.wait<comparisons>(waiting);
  h.wait<stopped_atom>(stopped);
  // The test's own pointer, and the one in the world.
  CHECK(h.stores.primary_store().use_count() == 1);
  CHECK(h.stores.secondary_store().use_count() == 1);
}

}  // namespace keelson::validator
