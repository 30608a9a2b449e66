#include "actors/feed/snapshot_course.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "tests/unit/feed/feed_client.hpp"
#include "tests/unit/feed/history.hpp"
#include "tests/unit/feed/log_actor.hpp"

using namespace keelson;
using namespace keelson::feed;

namespace {

/// Applies each change as it comes, as a client does before `live`.
void apply(test::history::state& held, const std::string& piece) {
  const auto frame = boost::json::parse("{\"changes\":" + piece).as_object();
  for (const auto& item : frame.at("changes").as_array()) {
    const auto& change = item.as_object();
    const document_id id{collection_name::trusted(change.at("collection").as_string().c_str()),
                         document_key::trusted(change.at("key").as_string().c_str())};
    if (change.at("op").as_string() == "delete") {
      held.erase(id);
    } else {
      held[id] = {change.at("version").to_number<std::uint64_t>(),
                  boost::json::serialize(change.at("value"))};
    }
  }
}

}  // namespace

TEST_CASE("at live a client holds exactly the state as of its position") {
  const auto seed = GENERATE(range(0, 150));
  CAPTURE(seed);
  test::history log(static_cast<std::uint64_t>(seed), 6);
  feed_ring ring(log.draw(1, 20'000));
  ring.restart(log.end(), log.end());
  const auto write = [&](std::size_t groups) {
    while (groups-- > 0) ring.append(wire::change_block::encode(log.next_group()));
  };
  write(log.draw(0, 10));
  const auto filter = log.random_filter();
  const auto interest = std::make_shared<feed_interest>(feed_interest{.filter = filter});
  const auto start = log.end();
  feed_cursor cursor(interest, start);
  snapshot_course course(start, filter, wire::change_values::with,
                         static_cast<std::uint32_t>(log.draw(1, 6)));
  test::history::state held;
  std::size_t documents_sent = 0;
  while (course.now() != snapshot_course::stage::complete) {
    write(log.draw(0, 3));
    auto page = test::page_of(log, course.request());
    REQUIRE(course.took(page));
    for (auto& d : page.documents) {
      CHECK(held.emplace(d.id, std::pair(d.version.value, d.value)).second);  // none comes twice
      ++documents_sent;
    }
    write(log.draw(0, 2));
    while (cursor.reached().at < course.bounds().until) {
      const auto got = cursor.pull(ring, {.frame_bytes = log.draw(1, 2'000)}, course.bounds());
      if (got.what == pull_outcome::piece) apply(held, got.piece->text);
      if (got.what == pull_outcome::behind) {
        cursor.take(test::replay(log, cursor.reached(), filter, log.draw(1, 9)));
      }
    }
    CHECK(cursor.reached().at == course.bounds().until);
    course.merged();
  }
  CHECK(cursor.reached() == course.at());
  CHECK(held == log.state_at(course.at().at, filter));
  // And it follows from there like any other.
  write(3);
  for (auto got = cursor.pull(ring, {}, feed_bounds{}); got.what != pull_outcome::at_end;
       got = cursor.pull(ring, {}, feed_bounds{})) {
    if (got.what == pull_outcome::piece) apply(held, got.piece->text);
    if (got.what == pull_outcome::behind) {
      cursor.take(test::replay(log, cursor.reached(), filter, 3));
    }
  }
  CHECK(held == log.state_at(log.end().at, filter));
}

TEST_CASE("a snapshot ends when the history is replaced beneath it") {
  const position start{test::history::epoch, {40}};
  snapshot_course course(start, {}, wire::change_values::with, 10);
  messages::list_page page{.at = {"zzzzzzzz", {epoch_distance}}, .at_end = 1};
  const auto taken = course.took(page);
  REQUIRE_FALSE(taken);
  CHECK(taken.error().code == errc::history_lost);
}
