#include "actors/replicator/replicator_core.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/replicator/one_replicator.hpp"

using namespace keelson;
using namespace keelson::replicator;
using namespace keelson::test;
using backends::store_point;
using messages::component_state;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

log_point at(std::uint64_t sequence) {
  return {{"aaaaaaaa", {sequence}}, {}};
}

step_outcome stands(store_point::phase what, std::uint64_t sequence) {
  return {.state = {{what, at(sequence), {}}, {}}};
}

struct driven {
  replicator_core core{core_options{.seed = 3}};
  time_point now{std::chrono::hours(1)};

  template <class Step>
  Step expect() {
    const auto next = core.next(now);
    REQUIRE(next);
    REQUIRE(std::holds_alternative<Step>(*next));
    return std::get<Step>(*next);
  }
  void rest() { CHECK_FALSE(core.next(now)); }
  void fail(errc code, step_side side = step_side::secondary) {
    core.finished(std::unexpected(step_failure{side, {.code = code, .detail = "broke"}}), now);
  }
  void finish(step_outcome outcome) { core.finished(std::move(outcome), now); }
  void open(std::uint64_t sequence) {
    expect<open_step>();
    auto outcome = stands(store_point::phase::applied, sequence);
    outcome.opened = secondary_place().open();
    finish(std::move(outcome));
  }
  void judge(actors::testimony verdict, std::uint64_t end) {
    expect<judge_step>();
    core.judged(actors::testimony_result{verdict, at(end)}, now);
  }
};

}  // namespace

TEST_CASE("nothing is opened before the primary is") {
  driven world;
  world.rest();
  CHECK(world.core.state() == component_state::starting);
  CHECK_FALSE(world.core.wake_at(world.now));
  world.core.primary_opened(at(5), {});
  world.expect<open_step>();
  world.rest();
}

TEST_CASE("a call that does not return for ten seconds makes the store hung, until it returns") {
  driven world;
  world.core.primary_opened(at(5), {});
  world.open(3);
  world.judge(actors::testimony::known, 5);
  world.expect<follow_step>();
  CHECK(world.core.wake_at(world.now) == world.now + seconds(10));
  world.now += seconds(9);
  world.rest();
  CHECK(world.core.state() == component_state::catching_up);
  world.now += seconds(1);
  world.rest();
  CHECK(world.core.state() == component_state::hung);
  CHECK_FALSE(world.core.wake_at(world.now));
  world.now += seconds(1000);
  world.rest();  // no second worker, no second call
  world.finish(stands(store_point::phase::applied, 5));
  CHECK(world.core.state() == component_state::live);
}

TEST_CASE("each failure is waited out for longer, and a write that succeeds ends that") {
  driven world;
  world.core.primary_opened(at(5), {});
  milliseconds total{};
  for (int i = 0; i < 12; ++i) {
    world.open(3);
    world.judge(actors::testimony::known, 5);
    world.expect<follow_step>();
    world.fail(errc::store_io);
    CHECK(world.core.state() == component_state::broken);
    world.expect<close_step>();
    world.finish({});
    world.rest();
    const auto wake = world.core.wake_at(world.now);
    REQUIRE(wake);
    const auto wait = std::chrono::ceil<milliseconds>(*wake - world.now);
    CHECK(wait <= seconds(3));
    total += wait;
    world.now = *wake;
  }
  CHECK(total > seconds(10));
  world.open(3);
  CHECK(world.core.state() == component_state::broken);  // the probe proves nothing yet
  world.judge(actors::testimony::known, 5);
  world.expect<follow_step>();
  world.finish(stands(store_point::phase::applied, 5));
  CHECK(world.core.state() == component_state::live);
  CHECK(world.core.status({}).reason.empty());
  CHECK(world.core.status({}).last_error == "broke");
}

TEST_CASE("a primary that cannot be read leaves the secondary open") {
  driven world;
  world.core.primary_opened(at(5), {});
  world.open(3);
  world.judge(actors::testimony::known, 5);
  world.expect<follow_step>();
  world.fail(errc::store_io, step_side::primary);
  CHECK(world.core.state() == component_state::catching_up);
  CHECK(world.core.status({}).reason == "the primary cannot be read: broke");
  world.rest();
  const auto wake = world.core.wake_at(world.now);
  REQUIRE(wake);
  world.now = *wake;
  world.expect<follow_step>();
}

TEST_CASE("a store is judged again when the history breaks while it is judged") {
  driven world;
  world.core.primary_opened(at(5), {});
  world.open(5);
  world.expect<judge_step>();
  world.core.history_broken(at(epoch_distance));
  world.core.judged(actors::testimony_result{actors::testimony::known, at(5)}, world.now);
  world.judge(actors::testimony::lost, epoch_distance);
  CHECK(world.core.state() == component_state::confirmation_required);
  world.rest();
  world.now += seconds(1);
  world.expect<check_step>();
  world.finish(stands(store_point::phase::applied, 5));
  world.rest();
}

TEST_CASE("what was agreed to before the history broke does not let lost writes be overwritten") {
  driven world;
  world.core.primary_opened(at(5), {});
  REQUIRE(world.core.rebuild(consent::confirmed));
  world.core.history_broken(at(epoch_distance));
  world.open(5);
  world.judge(actors::testimony::lost, epoch_distance);
  CHECK(world.core.state() == component_state::confirmation_required);
  world.rest();
  REQUIRE(world.core.rebuild(consent::confirmed));
  CHECK(world.expect<rebuild_step>().agreed == consent::confirmed);
}

TEST_CASE("a store that was ahead of one copy of the primary is not ahead of a later one") {
  driven world;
  world.core.primary_opened(at(3), {});
  world.open(5);
  world.judge(actors::testimony::lost, 3);
  CHECK(world.core.state() == component_state::confirmation_required);
  world.core.primary_closed();
  world.core.primary_opened(at(7), {});
  world.judge(actors::testimony::known, 7);
  world.expect<follow_step>();
  CHECK(world.core.state() == component_state::catching_up);
}

TEST_CASE("a rebuild from the beginning that could not read the primary is not taken for begun") {
  driven world;
  world.core.primary_opened(at(5), {});
  world.open(5);
  world.judge(actors::testimony::known, 5);
  REQUIRE(world.core.rebuild(consent::limited));
  CHECK(world.expect<rebuild_step>().start == rebuild_start::anew);
  world.fail(errc::store_io, step_side::primary);
  world.now = *world.core.wake_at(world.now);
  CHECK(world.expect<rebuild_step>().start == rebuild_start::anew);
}

TEST_CASE("a store that is synced once a second holds nothing back for long") {
  driven world;
  world.core.primary_opened(at(5), {});
  world.open(3);
  world.judge(actors::testimony::known, 1000);
  for (std::uint64_t i = 4; i < 24; ++i) {
    world.expect<follow_step>();
    world.now += milliseconds(100);
    world.finish(stands(store_point::phase::applied, i));
    if (i == 13 || i == 23) {
      world.expect<check_step>();
      world.finish(stands(store_point::phase::applied, i));
    }
  }
}

TEST_CASE("somebody else who keeps writing to the store is a failure, not a loop") {
  driven world;
  world.core.primary_opened(at(5), {});
  world.open(3);
  world.judge(actors::testimony::known, 5);
  world.expect<follow_step>();
  auto moved = stands(store_point::phase::applied, 2);
  moved.verdict = step_verdict::moved;
  world.finish(moved);
  world.judge(actors::testimony::known, 5);
  world.expect<follow_step>();
  world.finish(moved);
  CHECK(world.core.state() == component_state::broken);
  world.expect<close_step>();
}

TEST_CASE("a worker that dies is a failure like any other") {
  driven world;
  world.core.primary_opened(at(5), {});
  world.open(3);
  world.judge(actors::testimony::known, 5);
  world.expect<follow_step>();
  world.core.worker_lost("out of memory", world.now);
  CHECK(world.core.state() == component_state::broken);
  world.rest();
  world.now = *world.core.wake_at(world.now);
  world.expect<open_step>();
}

TEST_CASE("the log is needed after what the store had at its last sync") {
  driven world;
  CHECK_FALSE(world.core.needs_log_after());
  world.core.primary_opened(at(9), {});
  world.open(3);
  CHECK(world.core.needs_log_after() == sequence{3});
  world.judge(actors::testimony::known, 9);
  world.expect<follow_step>();
  world.finish(stands(store_point::phase::applied, 9));
  CHECK(world.core.needs_log_after() == sequence{3});
  world.now += seconds(1);
  world.expect<check_step>();
  world.finish(stands(store_point::phase::applied, 9));
  CHECK(world.core.needs_log_after() == sequence{9});
}
