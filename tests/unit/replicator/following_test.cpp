#include <catch2/catch.hpp>

#include "tests/unit/replicator/one_replicator.hpp"

using namespace keelson;
using namespace keelson::test;
using namespace std::chrono_literals;
using messages::component_state;

TEST_CASE("an empty secondary fills without asking and goes live") {
  primary_log primary;
  for (int i = 0; i < 3000; ++i) primary.put(doc("cities", std::to_string(i)), "1");
  secondary_place place;
  one_replicator replicator(primary, place);
  CHECK(replicator.state() == component_state::starting);
  replicator.settle();
  CHECK(replicator.state() == component_state::live);
  check_equal(primary, place);
}

TEST_CASE("a live secondary takes groups from memory, not from the log") {
  primary_log primary;
  secondary_place place;
  one_replicator replicator(primary, place);
  replicator.settle();
  const int followed = replicator.followed();
  for (int i = 0; i < 50; ++i) {
    replicator.tell(primary.commit({{{doc("a", std::to_string(i % 7)), std::to_string(i)}},
                                    {{doc("b", std::to_string(i % 5)), "[]"},
                                     {doc("a", std::to_string(i % 3)), std::nullopt}}}));
    if (i % 4 == 0) replicator.settle();
  }
  replicator.settle();
  CHECK(replicator.followed() == followed);
  CHECK(replicator.state() == component_state::live);
  check_equal(primary, place);
}

TEST_CASE("groups that follow each other closely go into one apply") {
  primary_log primary;
  secondary_place place;
  one_replicator replicator(primary, place, [](auto& options) { options.core.gather = 5ms; });
  replicator.settle();
  const auto before = place.state().point;
  replicator.tell(primary.put(doc("a", "1"), "1"));
  replicator.pass(3ms);
  replicator.settle();
  CHECK(place.state().point == before);
  replicator.tell(primary.put(doc("a", "2"), "2"));
  replicator.pass(3ms);
  CHECK(replicator.step());
  check_equal(primary, place);
  CHECK_FALSE(replicator.step());
  // What waits is applied before the store is let go.
  replicator.tell(primary.put(doc("a", "3"), "3"));
  replicator.core().stop();
  replicator.settle();
  CHECK(replicator.core().stopped());
  check_equal(primary, place);
}

TEST_CASE("a gap between groups is read from the log") {
  primary_log primary;
  secondary_place place;
  one_replicator replicator(primary, place);
  replicator.settle();
  primary.put(doc("a", "missed"), "1");
  const auto group = primary.put(doc("a", "seen"), "2");
  replicator.tell(group);
  CHECK(replicator.state() == component_state::catching_up);
  CHECK(replicator.core().status(group->records.front().time).lag_changes == 2);
  replicator.settle();
  CHECK(replicator.followed() == 1);
  CHECK(replicator.state() == component_state::live);
  check_equal(primary, place);
}

TEST_CASE("the live window is bounded, and what it drops comes from the log") {
  primary_log primary;
  secondary_place place;
  one_replicator replicator(primary, place,
                            [](auto& options) { options.core.window_bytes = 4096; });
  replicator.settle();
  const std::string value = "\"" + std::string(500, 'x') + "\"";
  for (int i = 0; i < 100; ++i) replicator.tell(primary.put(doc("a", std::to_string(i)), value));
  CHECK(replicator.state() == component_state::catching_up);
  replicator.settle();
  CHECK(replicator.state() == component_state::live);
  check_equal(primary, place);
}

TEST_CASE("what does not match the patterns is left out, but the position moves") {
  primary_log primary;
  primary.put(doc("cities", "1"), "1");
  primary.put(doc("people", "1"), "1");
  secondary_place place;
  one_replicator replicator(primary, place,
                            [](auto& options) { options.worker.collections = {"cit*"}; });
  replicator.settle();
  replicator.tell(primary.put(doc("people", "2"), "22"));
  replicator.settle();
  CHECK(place.state().point.at == primary.meta().end());
  replicator.tell(primary.put(doc("cities", "2"), "22"));
  replicator.settle();
  primary.put(doc("people", "3"), "3");
  primary.remove(doc("people", "1"));
  replicator.tell(primary.put(doc("cities", "3"), "333"));
  replicator.settle();
  CHECK(place.documents().size() == 3);
  CHECK(place.state().counts == backends::store_counts{3, 6});
  CHECK(place.state().point.at == primary.meta().end());
}

TEST_CASE("the lag counts changes and the age of the oldest that is not applied") {
  primary_log primary;
  secondary_place place;
  one_replicator replicator(primary, place);
  replicator.settle();
  const auto first = primary.put(doc("a", "1"), "1");
  const auto second = primary.put(doc("a", "2"), "2");
  replicator.tell(first);
  replicator.tell(second);
  const timestamp later{first->records.front().time.microseconds + 5'000'000};
  CHECK(replicator.core().status(later).lag_changes == 2);
  CHECK(replicator.core().status(later).lag_seconds == 5);
  replicator.settle();
  CHECK(replicator.core().status(later).lag_changes == 0);
  CHECK(replicator.core().status(later).lag_seconds == 0);
}

TEST_CASE("a paused replicator writes nothing and goes on from the log") {
  primary_log primary;
  secondary_place place;
  one_replicator replicator(primary, place);
  replicator.settle();
  REQUIRE(replicator.core().pause());
  replicator.tell(primary.put(doc("a", "1"), "1"));
  replicator.settle();
  CHECK(replicator.state() == component_state::paused);
  CHECK(place.documents().empty());
  REQUIRE(replicator.core().resume());
  replicator.settle();
  CHECK(replicator.state() == component_state::live);
  check_equal(primary, place);
}

TEST_CASE("stopping applies what memory holds, syncs and closes") {
  primary_log primary;
  secondary_place place;
  one_replicator replicator(primary, place);
  replicator.settle();
  replicator.tell(primary.put(doc("a", "1"), "1"));
  replicator.core().stop();
  replicator.settle();
  CHECK(replicator.core().stopped());
  CHECK(replicator.state() == component_state::stopped);
  check_equal(primary, place);
}

TEST_CASE("a failed write closes the store and opens it again after a pause") {
  primary_log primary;
  secondary_place place;
  one_replicator replicator(primary, place);
  replicator.settle();
  const auto point = GENERATE(crash_point::before_apply, crash_point::after_apply);
  replicator.fail_next(point);
  replicator.tell(primary.put(doc("a", "1"), "1"));
  replicator.settle();
  CHECK(replicator.state() == component_state::broken);
  CHECK(replicator.opened() == 1);
  replicator.tell(primary.put(doc("a", "2"), "2"));
  replicator.pass(std::chrono::seconds(1));
  replicator.settle();
  CHECK(replicator.opened() == 2);
  CHECK(replicator.state() == component_state::live);
  check_equal(primary, place);
}

TEST_CASE("a failed sync closes the store, which is then read anew") {
  primary_log primary;
  secondary_place place;
  one_replicator replicator(primary, place);
  replicator.tell(primary.put(doc("a", "1"), "1"));
  replicator.settle();
  replicator.fail_next(crash_point::at_sync);
  replicator.pass(std::chrono::seconds(1));
  replicator.settle();
  CHECK(replicator.state() == component_state::broken);
  replicator.pass(std::chrono::seconds(1));
  replicator.settle();
  CHECK(replicator.state() == component_state::live);
}

TEST_CASE("a store that was moved by somebody else is read anew") {
  primary_log primary;
  secondary_place place;
  one_replicator replicator(primary, place);
  replicator.settle();
  const auto old = place.state();
  replicator.tell(primary.put(doc("a", "1"), "1"));
  replicator.settle();
  const auto id = doc("a", "1");
  const auto removal = backends::removal_of(id);
  place.scribble({&removal, 1}, old);
  replicator.tell(primary.put(doc("a", "2"), "2"));
  replicator.settle();
  CHECK(replicator.state() == component_state::live);
  check_equal(primary, place);
}

TEST_CASE("a new epoch moves a secondary that stands at the old one's end") {
  primary_log primary;
  secondary_place place;
  one_replicator replicator(primary, place);
  primary.put(doc("a", "1"), "1");
  replicator.settle();
  primary.begin_epoch("bbbbbbbb");
  replicator.core().history_broken(primary.meta().end());
  CHECK(replicator.core().status({}).lag_changes == 0);
  replicator.settle();
  check_equal(primary, place);
  replicator.tell(primary.put(doc("a", "2"), "2"));
  replicator.settle();
  CHECK(replicator.state() == component_state::live);
  check_equal(primary, place);
}

TEST_CASE("while the primary is closed nothing is read, and it is judged when it is back") {
  primary_log primary;
  secondary_place place;
  one_replicator replicator(primary, place);
  replicator.settle();
  replicator.core().primary_closed();
  replicator.link().detach();
  primary.put(doc("a", "1"), "1");
  replicator.settle();
  CHECK(replicator.state() == component_state::live);
  replicator.link().attach(primary.store());
  replicator.core().primary_opened(primary.meta().end(), primary.meta().epoch().base);
  replicator.settle();
  CHECK(replicator.state() == component_state::live);
  check_equal(primary, place);
}
