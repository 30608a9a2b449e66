#include <catch2/catch.hpp>

#include "actors/replicator/live_window.hpp"
#include "actors/replicator/log_tail.hpp"
#include "backends/memory/memory_engine.hpp"
#include "tests/unit/replicator/one_replicator.hpp"

using namespace keelson;
using namespace keelson::replicator;
using namespace keelson::test;

namespace {

/// A primary with three commits; the ends of all, the empty log's first.
struct short_log {
  primary_log primary;
  std::vector<actors::group_ref> groups;
  std::vector<log_point> ends{primary.meta().end()};

  short_log() {
    for (int i = 0; i < 3; ++i) {
      groups.push_back(primary.put(doc("a", std::to_string(i)), "1"));
      ends.push_back(primary.meta().end());
    }
  }
};

log_point with_other_chain(log_point point) {
  point.chain.bytes[0] ^= 1;
  return point;
}

}  // namespace

TEST_CASE("the log is only read on from a point that lies in it") {
  short_log log;
  for (const auto& end : log.ends) {
    const auto tail = read_tail(log.primary.reader(), end, {});
    REQUIRE(tail);
    CHECK(tail->end == log.ends.back());
    CHECK(tail->at_end());
    const auto other = read_tail(log.primary.reader(), with_other_chain(end), {});
    REQUIRE_FALSE(other);
    CHECK(other.error().code == errc::history_lost);
  }
  auto beyond = log.ends.back();
  ++beyond.at.at.value;
  CHECK_FALSE(read_tail(log.primary.reader(), beyond, {}));
  log.primary.trim(2);
  const auto old = read_tail(log.primary.reader(), log.ends[1], {});
  REQUIRE(old);
  CHECK(old->trimmed);
}

TEST_CASE("a piece of the log ends at the end of a commit") {
  primary_log primary;
  const auto begin = primary.meta().end();
  primary.commit({{{doc("a", "1"), "1"}, {doc("a", "2"), "2"}}, {{doc("a", "3"), "3"}}});
  const auto tail = read_tail(primary.reader(), begin, {.records = 1});
  REQUIRE(tail);
  CHECK(tail->records.size() == 2);
  CHECK(tail->end.at.at.value == 2);
  CHECK_FALSE(tail->at_end());
}

TEST_CASE("a piece of the log has no more records than asked for, unless it is one commit") {
  primary_log primary;
  const auto begin = primary.meta().end();
  primary.commit({{{doc("a", "1"), "1"}, {doc("a", "2"), "2"}}});
  primary.commit({{{doc("a", "3"), "3"}, {doc("a", "4"), "4"}}});
  const auto tail = read_tail(primary.reader(), begin, {.records = 3});
  REQUIRE(tail);
  CHECK(tail->records.size() == 2);
  CHECK(tail->end.at.at.value == 2);
  const auto rest = read_tail(primary.reader(), tail->end, {.records = 3});
  REQUIRE(rest);
  CHECK(rest->records.size() == 2);
  CHECK(rest->at_end());
}

TEST_CASE("the window holds what follows without a gap") {
  short_log log;
  live_window window(1 << 20);
  window.push(log.groups[0], {});
  CHECK(window.follows(log.ends[0]));
  window.push(log.groups[2], {});
  CHECK_FALSE(window.follows(log.ends[0]));
  CHECK(window.follows(log.ends[2]));
  CHECK(window.first({}).size() == 1);
}

TEST_CASE("the window is passed group by group, and empty again takes no memory") {
  short_log log;
  live_window window(1 << 20);
  for (const auto& group : log.groups) window.push(group, {});
  CHECK(window.first({}).size() == 3);
  CHECK(window.first({.records = 2}).size() == 2);
  CHECK(window.first({.records = 0}).size() == 1);
  window.pass(log.ends[2]);
  CHECK(window.follows(log.ends[2]));
  CHECK_FALSE(window.follows(with_other_chain(log.ends[2])));
  window.pass(log.ends[3]);
  CHECK(window.bytes() == 0);
}

TEST_CASE("a group too large for the window leaves it empty") {
  short_log log;
  live_window window(700);
  window.push(log.groups[0], {});
  const auto filled = window.bytes();
  CHECK(filled > 0);
  window.push(log.primary.put(doc("a", "3"), "\"" + std::string(1000, 'x') + "\""), {});
  CHECK(window.bytes() == 0);
}

TEST_CASE("the worker applies no group that does not follow from where the store stands") {
  short_log log;
  secondary_place place;
  const auto link = std::make_shared<actors::primary_link>();
  link->attach(log.primary.store());
  secondary_worker worker(
      {.name = "kv", .location = place.location(), .engine = &backends::memory::memory_engine()},
      link);
  REQUIRE(worker.run(open_step{}));
  for (auto start = rebuild_start::anew; place.state().point.at != log.ends[3];
       start = rebuild_start::resume) {
    REQUIRE(worker.run(rebuild_step{start}));
  }
  REQUIRE(worker.run(rebuild_step{}));
  const auto next = log.primary.put(doc("a", "3"), "1");
  const auto last = log.primary.put(doc("a", "4"), "1");
  const auto before = place.state();
  for (const auto& groups : {std::vector{last}, std::vector{next, next}}) {
    const auto outcome = worker.run(groups_step{groups});
    REQUIRE(outcome);
    CHECK(outcome->verdict == step_verdict::moved);
    CHECK(place.state().point == before.point);
  }
  REQUIRE(worker.run(groups_step{{next, last}}));
  check_equal(log.primary, place);
}
