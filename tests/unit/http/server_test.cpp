#include <thread>

#include <catch2/catch.hpp>

#include "protocols/http/routes.hpp"
#include "tests/unit/http/raw_client.hpp"
#include "tests/unit/http/running_server.hpp"

using namespace keelson;
using namespace std::chrono_literals;
using test::raw_client;
using test::running_server;

TEST_CASE("a port that is taken is said to be") {
  running_server first;
  const auto second = http::bound_address::take("127.0.0.1", first.port());
  REQUIRE_FALSE(second);
  CHECK(second.error().detail == "cannot listen on 127.0.0.1:" + std::to_string(first.port()) +
                                     ": Address already in use; another program does, perhaps "
                                     "another keelson. End it, or give another port with --listen");
  CHECK_FALSE(http::bound_address::take("not-an-address", 0));
}

TEST_CASE("a drain finishes what is in hand and closes what is idle") {
  running_server server;
  raw_client idle(server.port());
  CHECK(idle.ask("GET", "/healthz").status == 200);
  server.control().writer_silent = true;
  raw_client busy(server.port());
  busy.send(test::request_text("PUT", "/v1/kv/c/k?timeout=300ms", {}, "1"));
  while (server.server().requests_in_flight() == 0) std::this_thread::yield();
  CHECK(server.server().drain(20s) == http::server::drained::whole);
  CHECK(idle.read_to_end().empty());
  const auto answer = busy.read();
  CHECK(answer.status == 504);
  CHECK(answer.header("Connection") == "close");
  CHECK_THROWS(raw_client(server.port()));
}

TEST_CASE("a stop answers what still waits") {
  running_server server;
  server.control().writer_silent = true;
  raw_client busy(server.port());
  busy.send(test::request_text("PUT", "/v1/kv/c/k?timeout=60s", {}, "1"));
  while (server.server().requests_in_flight() == 0) std::this_thread::yield();
  server.server().stop();
  CHECK(busy.read().status == 504);
  CHECK(server.server().connections() == 0);
}

TEST_CASE("several IO threads serve one listener") {
  http::server_options options;
  options.io_threads = 3;
  running_server server(options);
  for (int i = 0; i < 9; ++i) {
    raw_client client(server.port());
    CHECK(client.ask("PUT", "/v1/kv/c/k", {}, std::to_string(i)).status == (i == 0 ? 201 : 200));
    CHECK(client.ask("GET", "/v1/kv/c/k").body == std::to_string(i));
  }
}

TEST_CASE("the route table finds its rows") {
  for (const http::route& each : http::routes()) {
    const auto match = http::match_route(each.method, each.path);
    CAPTURE(each.path);
    REQUIRE(match.found == &each);
  }
  CHECK(http::match_route(http::method::head, "/healthz").found != nullptr);
  CHECK(http::match_route(http::method::get, "").found == nullptr);
  CHECK(http::match_route(http::method::get, "*").found == nullptr);
  const auto match = http::match_route(http::method::get, "/v1/kv/a%2Fb/c");
  REQUIRE(match.segment_count == 2);
  CHECK(match.segments[0] == "a%2Fb");
}
