#include "actors/feed/feed_cursor.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/feed/feed_client.hpp"
#include "tests/unit/feed/history.hpp"

using namespace keelson;
using namespace keelson::feed;
using keelson::test::feed_client;

namespace {

std::shared_ptr<const feed_interest> interest_in(change_filter filter) {
  return std::make_shared<feed_interest>(feed_interest{.filter = std::move(filter)});
}

/// Pulls until the ring has no more, replaying from the log where the ring does not reach;
/// after each frame the connection is lost with odds of one in `cut`.
void drain(test::history& log, const feed_ring& ring, feed_client& client,
           const std::shared_ptr<const feed_interest>& interest, std::size_t frame_bytes,
           std::size_t cut, piece_cache& cache) {
  feed_cursor cursor(interest, client.resume());
  const wire::selection_limits limits{.frame_bytes = frame_bytes, .scanned = log.draw(1, 50)};
  for (int guard = 0; guard < 100'000; ++guard) {
    const auto got = cursor.pull(ring, limits, cache);
    REQUIRE(log.is_commit_end(cursor.resume().at));
    REQUIRE(cursor.resume().at <= cursor.reached().at);
    if (got.what == pull_outcome::at_end) {
      REQUIRE_FALSE(client.holds_back());
      REQUIRE(cursor.resume() == ring.end());
      return;
    }
    if (got.what == pull_outcome::behind) {
      cursor.take(test::replay(log, cursor.reached(), interest->filter, log.draw(1, 6)));
    }
    if (got.what != pull_outcome::piece) continue;
    client.take_frame(got.piece->text);
    REQUIRE(client.resume() == cursor.resume());
    if (cut != 0 && log.draw(1, cut) == 1) {
      client.lose_connection();
      cursor = feed_cursor(interest, client.resume());
    }
  }
  FAIL("the cursor never reached the end");
}

}  // namespace

TEST_CASE("what clients put together over any cuts and resumes is the filtered log") {
  const auto seed = GENERATE(range(0, 60));
  CAPTURE(seed);
  test::history log(static_cast<std::uint64_t>(seed), seed % 3 == 0 ? 1 : 9);
  feed_ring ring(log.draw(1, 12'000));
  ring.restart(log.end(), log.end());
  piece_cache cache;
  struct follower {
    std::shared_ptr<const feed_interest> interest;
    feed_client client;
    std::size_t frame_bytes;
  };
  std::vector<follower> followers(4);
  for (auto& f : followers) {
    f.interest = interest_in(log.random_filter());
    f.client.resume_from(log.at(0));
    f.frame_bytes = log.draw(1, 3'000);
  }
  for (int round = 0; round < 12; ++round) {
    const auto groups = log.draw(0, 8);
    for (std::size_t i = 0; i < groups; ++i) {
      const auto group = log.next_group();
      // Now and then the ring misses a group, as when a message went astray.
      if (log.draw(0, 15) != 0) ring.append(wire::change_block::encode(group));
    }
    if (ring.end() != log.end()) ring.append(wire::change_block::encode(log.next_group()));
    for (auto& f : followers) {
      if (log.draw(0, 3) == 0) continue;  // asleep
      drain(log, ring, f.client, f.interest, f.frame_bytes, 2 * (round % 4), cache);
    }
  }
  for (auto& f : followers) {
    drain(log, ring, f.client, f.interest, f.frame_bytes, 3, cache);
    CHECK(f.client.applied() == feed_client::expected(log.records(), {0}, f.interest->filter));
    CHECK(f.client.commits() ==
          feed_client::expected_commits(log.records(), {0}, f.interest->filter));
  }
}

TEST_CASE("a position inside a commit gives the rest of it") {
  test::history log(7, 6);
  feed_ring ring;
  ring.restart(log.end(), log.end());
  for (int i = 0; i < 20; ++i) ring.append(wire::change_block::encode(log.next_group()));
  const auto interest = interest_in({});
  for (std::size_t from = 0; from < log.records().size(); ++from) {
    piece_cache cache;
    feed_cursor cursor(interest, log.at(from));
    const auto got = cursor.pull(ring, {}, cache);
    REQUIRE(got.what == pull_outcome::piece);
    feed_client client;
    client.take_frame(got.piece->text);
    CHECK(client.applied() == feed_client::expected(log.records(), {from}, {}));
    CHECK(client.commits() == feed_client::expected_commits(log.records(), {from}, {}));
  }
}

TEST_CASE("values are left out where they are not wanted, and only they") {
  test::history log(11);
  feed_ring ring;
  ring.restart(log.end(), log.end());
  for (int i = 0; i < 10; ++i) ring.append(wire::change_block::encode(log.next_group()));
  auto interest = std::make_shared<feed_interest>();
  interest->values = wire::change_values::without;
  piece_cache cache;
  feed_cursor cursor(interest, log.at(0));
  const auto got = cursor.pull(ring, {}, cache);
  REQUIRE(got.what == pull_outcome::piece);
  feed_client client;
  client.take_frame(got.piece->text);
  auto wanted = feed_client::expected(log.records(), {0}, {});
  for (auto& change : wanted) change.value.clear();
  CHECK(client.applied() == wanted);
  CHECK(client.commits() == feed_client::expected_commits(log.records(), {0}, {}));
}

TEST_CASE("a frame is closed at its size, and a larger single change goes alone") {
  test::history log(3);
  committed_group group;
  group.from.at = log.at(0);
  for (std::uint64_t i = 1; i <= 5; ++i) {
    group.records.push_back(
        {.at = {i},
         .ends_commit = i == 5,
         .id = {collection_name::trusted("alpha"), document_key::trusted("k" + std::to_string(i))},
         .value = "\"" + std::string(i == 3 ? 5'000 : 300, 'x') + "\""});
  }
  group.to.at = log.at(5);
  feed_ring ring;
  ring.restart(log.at(0), log.at(0));
  ring.append(wire::change_block::encode(group));
  piece_cache cache;
  feed_cursor cursor(interest_in({}), log.at(0));
  std::vector<std::size_t> counts;
  for (auto got = cursor.pull(ring, {.frame_bytes = 1'000}, cache); got.what == pull_outcome::piece;
       got = cursor.pull(ring, {.frame_bytes = 1'000}, cache)) {
    counts.push_back(got.piece->changes);
    CHECK((got.piece->text.size() < 1'100 || got.piece->changes == 1));
    // Inside the commit the client resumes from before it.
    CHECK(got.piece->point.resume == (counts.size() < 3 ? sequence{0} : sequence{5}));
  }
  CHECK(counts == std::vector<std::size_t>{2, 1, 2});
}

TEST_CASE("a page ends at the first commit's end at or after its limit") {
  test::history log(5, 7);
  feed_ring ring;
  ring.restart(log.end(), log.end());
  for (int i = 0; i < 30; ++i) ring.append(wire::change_block::encode(log.next_group()));
  for (std::size_t limit = 1; limit < 20; ++limit) {
    feed_cursor cursor(interest_in({}), log.at(0));
    const auto got = cursor.pull(ring, {.commit_changes = limit}, feed_bounds{});
    REQUIRE(got.what == pull_outcome::piece);
    CHECK(log.is_commit_end(cursor.reached().at));
    CHECK(cursor.reached() == cursor.resume());
    CHECK(got.piece->changes >= limit);
    CHECK(got.piece->changes < limit + 7);
  }
}

TEST_CASE("subscribers with the same interest at the same point share the bytes") {
  test::history log(9);
  feed_ring ring;
  ring.restart(log.end(), log.end());
  ring.append(wire::change_block::encode(log.next_group()));
  piece_cache cache;
  feed_cursor one(interest_in({}), log.at(0));
  feed_cursor two(interest_in({}), log.at(0));
  const auto first = one.pull(ring, {}, cache).piece;
  REQUIRE(first != nullptr);
  CHECK(two.pull(ring, {}, cache).piece == first);
  CHECK(one.reached() == two.reached());
}

TEST_CASE("server-sent events carry the commit's position on its last passing change only") {
  test::history log(13, 6);
  feed_ring ring;
  ring.restart(log.end(), log.end());
  for (int i = 0; i < 10; ++i) ring.append(wire::change_block::encode(log.next_group()));
  const change_filter filter{.collections = {"alpha"}};
  auto interest = std::make_shared<feed_interest>();
  interest->filter = filter;
  interest->form = change_form::events;
  piece_cache cache;
  feed_cursor cursor(interest, log.at(0));
  const auto text = cursor.pull(ring, {}, cache).piece->text;
  feed_client client;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find("\n\n", at);
    REQUIRE(end != std::string::npos);
    auto event = text.substr(at, end - at);
    at = end + 2;
    std::string id;
    if (event.starts_with("id: ")) {
      id = event.substr(4, event.find('\n') - 4);
      event.erase(0, event.find('\n') + 1);
    }
    REQUIRE(event.starts_with("data: {"));
    const auto change = boost::json::parse(event.substr(6)).as_object();
    client.take_change(change);
    CHECK(change.contains("more") == id.empty());
    if (!id.empty()) CHECK(log.is_commit_end(position::parse(id)->at));
  }
  CHECK(client.applied() == feed_client::expected(log.records(), {0}, filter));
}

TEST_CASE("a cursor of another history is told so, one beyond the end waits") {
  test::history log(1);
  feed_ring ring;
  piece_cache cache;
  feed_cursor early(interest_in({}), log.at(0));
  CHECK(early.pull(ring, {}, cache).what == pull_outcome::at_end);
  ring.restart(log.at(0), log.at(0));
  feed_cursor ahead(interest_in({}), log.at(9));
  CHECK(ahead.pull(ring, {}, cache).what == pull_outcome::at_end);
  ring.restart({"zzzzzzzz", {epoch_distance}}, {"zzzzzzzz", {epoch_distance}});
  CHECK(ahead.pull(ring, {}, cache).what == pull_outcome::lost);
}
