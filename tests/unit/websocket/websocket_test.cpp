#include <set>
#include <thread>

#include <catch2/catch.hpp>

#include "tests/unit/feed/feed_client.hpp"
#include "tests/unit/websocket/changes_server.hpp"

using namespace keelson;
using namespace keelson::test;

namespace {

/// Follows one subscription to a position; changes go to `client`.
void follow(socket_client& socket, feed_client& client, const position& to) {
  while (client.resume() != to) {
    const auto frame = socket.read();
    const auto type = std::string(frame.at("type").as_string());
    REQUIRE((type == "changes" || type == "position"));
    if (type == "changes") {
      for (const auto& change : frame.at("changes").as_array()) {
        client.take_change(change.as_object());
      }
    }
    client.resume_from(*position::parse(frame.at("position").as_string()));
  }
}

std::string subscribe(std::string_view id, std::string_view more) {
  return R"({"type":"subscribe","id":")" + std::string(id) + '"' + std::string(more) + "}";
}

}  // namespace

TEST_CASE("a live subscriber gets every change in order, from the position it was told") {
  changes_server server;
  server.commit_groups(5);
  socket_client socket(server.port());
  socket.send(subscribe("a", ""));
  const auto subscribed = socket.read();
  REQUIRE(subscribed.at("type").as_string() == "subscribed");
  REQUIRE(subscribed.at("id").as_string() == "a");
  const auto from = *position::parse(subscribed.at("position").as_string());
  CHECK(from == server.end());
  server.commit_groups(300);
  feed_client client;
  client.resume_from(from);
  follow(socket, client, server.end());
  CHECK(client.applied() == feed_client::expected(server.log().records(), from.at, {}));
  CHECK(client.commits() == feed_client::expected_commits(server.log().records(), from.at, {}));
}

TEST_CASE("a subscriber behind the ring catches up from the log, then is live") {
  changes_server server(20'000);
  server.commit_groups(2'000);
  socket_client socket(server.port());
  socket.send(subscribe("a", R"(,"since":"start","collection":["beta","gamma"])"));
  REQUIRE(socket.read().at("position").as_string() == server.log().at(0).text());
  feed_client client;
  client.resume_from(server.log().at(0));
  // The last passing change need not be the log's last: `position` says how far it is.
  const change_filter filter{.collections = {"beta", "gamma"}};
  const auto wanted = feed_client::expected(server.log().records(), {0}, filter);
  while (client.applied().size() < wanted.size()) {
    const auto frame = socket.read_until("changes");
    CHECK(server.log().is_commit_end(position::parse(frame.at("position").as_string())->at));
    for (const auto& change : frame.at("changes").as_array()) {
      client.take_change(change.as_object());
    }
  }
  CHECK(client.applied() == wanted);
  CHECK(client.commits() == feed_client::expected_commits(server.log().records(), {0}, filter));
}

TEST_CASE("a snapshot under writes is exactly the state as of live") {
  changes_server server(8'000, 5);
  server.commit_groups(200);
  socket_client socket(server.port());
  socket.send(subscribe("s", R"(,"snapshot":true)"));
  REQUIRE(socket.read().at("type").as_string() == "subscribed");
  history::state held;
  while (true) {
    server.commit_groups(2);
    const auto frame = socket.read();
    const auto type = std::string(frame.at("type").as_string());
    if (type == "live") {
      const auto at = position::parse(frame.at("position").as_string());
      CHECK(held == server.log().state_at(at->at, {}));
      break;
    }
    if (type == "documents") {
      for (const auto& item : frame.at("documents").as_array()) {
        const auto& d = item.as_object();
        held[{collection_name::trusted(d.at("collection").as_string().c_str()),
              document_key::trusted(d.at("key").as_string().c_str())}] = {
            d.at("version").to_number<std::uint64_t>(), boost::json::serialize(d.at("value"))};
      }
      continue;
    }
    REQUIRE(type == "changes");
    for (const auto& item : frame.at("changes").as_array()) {
      const auto& c = item.as_object();
      const document_id id{collection_name::trusted(c.at("collection").as_string().c_str()),
                           document_key::trusted(c.at("key").as_string().c_str())};
      if (c.at("op").as_string() == "delete") {
        held.erase(id);
      } else {
        held[id] = {c.at("version").to_number<std::uint64_t>(),
                    boost::json::serialize(c.at("value"))};
      }
    }
  }
}

TEST_CASE("ids are unique, can be given back, and pings are answered") {
  changes_server server;
  socket_client socket(server.port());
  socket.send(subscribe("a", ""));
  REQUIRE(socket.read().at("type").as_string() == "subscribed");
  socket.send(subscribe("a", ""));
  CHECK(socket.read().at("code").as_string() == "duplicate_id");
  socket.send(R"({"type":"unsubscribe","id":"a"})");
  const auto closed = socket.read();
  CHECK(closed.at("code").as_string() == "unsubscribed");
  CHECK(closed.at("position").as_string() == server.end().text());
  socket.send(R"({"type":"unsubscribe","id":"a"})");
  CHECK(socket.read().at("code").as_string() == "not_found");
  socket.send(subscribe("a", ""));
  CHECK(socket.read().at("type").as_string() == "subscribed");
  socket.send(R"({"type":"ping"})");
  CHECK(socket.read().at("type").as_string() == "pong");
}

TEST_CASE("history that is gone closes the subscription, with the oldest position") {
  changes_server server;
  server.commit_groups(3);
  socket_client socket(server.port());
  socket.send(subscribe("old", R"(,"since":"zzzzzzzz:1")"));
  const auto refused = socket.read();
  CHECK(refused.at("type").as_string() == "closed");
  CHECK(refused.at("code").as_string() == "history_lost");
  CHECK(refused.at("oldest").as_string() == server.log().at(0).text());
  socket.send(subscribe("a", ""));
  REQUIRE(socket.read().at("type").as_string() == "subscribed");
  const position base{"newepoch", {epoch_distance}};
  server.replace_history(base);
  const auto lost = socket.read();
  CHECK(lost.at("id").as_string() == "a");
  CHECK(lost.at("code").as_string() == "history_lost");
  CHECK(lost.at("oldest").as_string() == base.text());
}

TEST_CASE("ten bad frames close with 1007, one too large with 1009") {
  changes_server server;
  socket_client bad(server.port());
  for (int i = 0; i < 10; ++i) bad.send("nonsense");
  CHECK(bad.read_close_code() == 1007);
  socket_client large(server.port());
  large.send(std::string(70'000, ' '));
  CHECK(large.read_close_code() == 1009);
}

TEST_CASE("a connection has at most 1,024 subscriptions") {
  changes_server server;
  socket_client socket(server.port());
  for (int i = 0; i < 1024; ++i) {
    socket.send(subscribe("s" + std::to_string(i), ""));
    REQUIRE(socket.read().at("type").as_string() == "subscribed");
  }
  socket.send(subscribe("one more", ""));
  CHECK(socket.read().at("code").as_string() == "too_many_requests");
  server.commit_groups(1);
  std::set<std::string> told;
  while (told.size() < 1024) told.insert(socket.read_until("changes").at("id").as_string().c_str());
}

TEST_CASE("when access has ended each subscription is told its position, and why it was left") {
  changes_server server;
  server.commit_groups(3);
  socket_client client(server.port());
  client.send(R"({"type":"subscribe","id":"a"})");
  CHECK(client.read().at("type").as_string() == "subscribed");
  server.server().set_tokens({{"app", http::scope::read, hash_value("secret")}});
  const auto closed = client.read_until("closed");
  CHECK(closed.at("code").as_string() == "going_away");
  CHECK(closed.at("position").as_string() == server.end().text());
  constexpr unsigned policy_violation = 1008;
  CHECK(client.read_close_code() == policy_violation);
}

TEST_CASE("when the server drains each subscription is told its position") {
  changes_server server;
  server.commit_groups(4);
  socket_client socket(server.port());
  for (const auto* id : {"a", "b"}) {
    socket.send(subscribe(id, ""));
    REQUIRE(socket.read().at("type").as_string() == "subscribed");
  }
  std::jthread stopper([&server] { server.server().drain(std::chrono::seconds(20)); });
  for (const auto* id : {"a", "b"}) {
    const auto closed = socket.read();
    CHECK(closed.at("id").as_string() == id);
    CHECK(closed.at("code").as_string() == "going_away");
    CHECK(closed.at("position").as_string() == server.end().text());
  }
  CHECK(socket.read_close_code() == 1001);
}
