#include "actors/feed/feed_actor.hpp"

#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <catch2/catch.hpp>

#include "protocols/wire/feed_selection.hpp"
#include "tests/support/virtual_system.hpp"
#include "tests/unit/feed/feed_client.hpp"
#include "tests/unit/feed/log_actor.hpp"

using namespace keelson;
using namespace keelson::messages;

namespace {

/// A feed over a random history, under virtual time.
struct running_feed {
  explicit running_feed(std::size_t ring_bytes = feed::feed_ring::default_max_bytes,
                        feed::feed_options options = {})
      : ring(std::make_shared<feed::feed_ring>(ring_bytes)),
        log(test::spawn_log_actor(world.system, shared)),
        actor(world.system.spawn(feed::run_feed, ring, caf::actor_cast<log_reader>(log), options)) {
  }
  ~running_feed() {
    caf::anon_send_exit(log, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
    world.run();
  }

  void open() {
    caf::anon_send(actor, opened_atom::value,
                   actors::opened_store{.name = std::string(actors::primary_name),
                                        .end = {shared->log.end(), {}},
                                        .oldest = shared->oldest});
    world.run();
  }
  void commit_groups(std::size_t count) {
    while (count-- > 0) {
      caf::anon_send(actor, commit_atom::value,
                     std::make_shared<const committed_group>(shared->log.next_group()));
    }
    world.run();
  }
  answer<resolved> resolve(since wanted) {
    return world.ask<answer<resolved>>(actor, resolve_atom::value, wanted);
  }
  answer<resolved> resolve(const position& at) {
    return resolve(since{.what = since_kind::at, .at = at});
  }
  answer<replay_slice> replay(replay_request wanted) {
    return world.ask<answer<replay_slice>>(actor, replay_atom::value, std::move(wanted));
  }

  test::virtual_system world;
  std::shared_ptr<test::shared_log> shared = std::make_shared<test::shared_log>(17);
  std::shared_ptr<feed::feed_ring> ring;
  test::log_actor log;
  feed::feed_actor actor;
};

}  // namespace

TEST_CASE("until the primary is open the feed is unavailable") {
  running_feed feed;
  CHECK(feed.resolve(since{}).problem.code == errc::unavailable);
  CHECK(feed.replay({.from = feed.shared->log.at(0)}).problem.code == errc::unavailable);
  feed.open();
  CHECK(feed.resolve(since{}));
  caf::anon_send(feed.actor, closed_atom::value, std::string(actors::primary_name));
  CHECK(feed.resolve(since{}).problem.code == errc::unavailable);
}

TEST_CASE("what was trimmed is lost, although the ring still holds it") {
  running_feed feed;
  feed.open();
  feed.commit_groups(20);
  const since start{.what = since_kind::start};
  CHECK(feed.resolve(start).value.from == feed.shared->log.at(0));
  feed.shared->oldest = {10};
  while (!feed.shared->log.is_commit_end(feed.shared->oldest)) ++feed.shared->oldest.value;
  caf::anon_send(feed.actor, trimmed_atom::value, feed.shared->oldest);
  feed.world.run();
  const auto oldest = feed.shared->log.at(feed.shared->oldest.value);
  CHECK(feed.ring->oldest() == oldest);
  CHECK(feed.resolve(start).problem.oldest == oldest.text());
  CHECK(feed.resolve(oldest).value.from == oldest);
}

TEST_CASE("now before the first write is the epoch's base, and so is start") {
  running_feed feed;
  feed.open();
  const auto base = feed.shared->log.at(0);
  CHECK(feed.resolve(since{}).value.from == base);
  CHECK(feed.resolve(since{.what = since_kind::start}).value.from == base);
  CHECK(feed.resolve(base).value.from == base);
}

TEST_CASE("since is looked up where it is: in the ring, in the log, or nowhere") {
  running_feed feed(2'000);
  feed.open();
  feed.commit_groups(40);
  const auto end = feed.shared->log.end();
  CHECK(feed.resolve(since{}).value.from == end);
  CHECK(feed.resolve(end).value.from == end);
  CHECK(feed.shared->reads == 0);
  CHECK(feed.resolve(feed.shared->log.at(1)).value.from.at == sequence{1});
  CHECK(feed.shared->reads == 1);
  CHECK(feed.resolve(feed.shared->log.at(end.at.value + 1)).problem.code == errc::history_lost);
  const auto other = feed.resolve(position{"zzzzzzzz", {1}});
  CHECK(other.problem.code == errc::history_lost);
  CHECK(other.problem.oldest == feed.shared->log.at(0).text());
}

TEST_CASE("trimmed history is said to be lost, with the position that is accepted") {
  running_feed feed(2'000);
  feed.open();
  feed.commit_groups(40);
  feed.shared->oldest = {10};
  while (!feed.shared->log.is_commit_end(feed.shared->oldest)) ++feed.shared->oldest.value;
  const auto oldest = feed.shared->log.at(feed.shared->oldest.value);
  CHECK(feed.resolve(since{.what = since_kind::start}).problem.oldest == oldest.text());
  CHECK(feed.resolve(feed.shared->log.at(3)).problem.code == errc::history_lost);
  CHECK(feed.resolve(oldest).value.from == oldest);
  const auto lost = feed.replay({.from = feed.shared->log.at(3)});
  CHECK(lost.problem.code == errc::history_lost);
  CHECK(lost.problem.oldest == oldest.text());
}

TEST_CASE("a client may know of a commit before the feed does") {
  running_feed feed;
  feed.open();
  const auto group = feed.shared->log.next_group();
  CHECK(feed.resolve(group.to.at).value.from == group.to.at);
}

TEST_CASE("replays give whole commits that pass, and go on where they ended") {
  running_feed feed(1);
  feed.open();
  feed.commit_groups(200);
  const auto& log = feed.shared->log;
  const change_filter filter{.collections = {"beta"}};
  test::feed_client client;
  auto at = log.at(0);
  while (at != log.end()) {
    const auto slice = feed.replay({.from = at, .filter = filter, .max_records = 50});
    REQUIRE(slice);
    REQUIRE(log.is_commit_end(slice.value.to.at));
    REQUIRE(slice.value.to.at > at.at);
    CHECK(slice.value.end == log.end());
    const auto block = wire::change_block::encode(at, slice.value.to, slice.value.changes,
                                                  slice.value.commit_ends);
    wire::change_selector selector(filter, wire::change_values::with, {at.at, at.at}, {});
    selector.take(block);
    std::string text;
    append_change_array(text, selector);
    client.take_frame(text + ",\"position\":\"" + slice.value.to.text() + "\"}");
    at = slice.value.to;
  }
  CHECK(client.applied() == test::feed_client::expected(log.records(), {0}, filter));
  CHECK(client.commits() == test::feed_client::expected_commits(log.records(), {0}, filter));
}

TEST_CASE("a new epoch ends what was before it") {
  running_feed feed;
  feed.open();
  feed.commit_groups(3);
  const auto before = feed.shared->log.end();
  const position base{"newepoch", {epoch_distance}};
  caf::anon_send(feed.actor, replace_atom::value, actors::history_break{.end = {base, {}}});
  feed.world.run();
  CHECK(feed.resolve(since{}).value.from == base);
  CHECK(feed.replay({.from = before}).problem.code == errc::history_lost);
  CHECK(feed.replay({.from = before}).problem.oldest == base.text());
}

TEST_CASE("what waits too long for the log is refused, and stop answers everything") {
  running_feed feed(1, {.replays = 0, .replays_queued = 2});
  feed.open();
  feed.commit_groups(3);
  caf::scoped_actor self(feed.world.system);
  const replay_request wanted{.from = feed.shared->log.at(0)};
  auto one = self->request(feed.actor, caf::infinite, replay_atom::value, wanted);
  auto two = self->request(feed.actor, caf::infinite, replay_atom::value, wanted);
  feed.world.run();
  CHECK(feed.replay(wanted).problem.code == errc::overloaded);
  feed.world.ask<stopped_atom>(feed.actor, stop_atom::value);
  const auto check = [](const answer<replay_slice>& got) {
    CHECK(got.problem.code == errc::unavailable);
  };
  const auto none = [](const caf::error&) { FAIL("no answer"); };
  one.receive(check, none);
  two.receive(check, none);
}
