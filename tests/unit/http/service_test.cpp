#include <catch2/catch.hpp>

#include "tests/unit/http/raw_client.hpp"
#include "tests/unit/http/running_server.hpp"

using namespace keelson;
using test::raw_client;
using test::running_server;

TEST_CASE("health, readiness and status") {
  running_server server;
  raw_client client(server.port());
  CHECK(client.ask("GET", "/healthz").status == 200);
  auto answer = client.ask("GET", "/readyz");
  CHECK(answer.status == 200);
  // This server has no feed: everything else is there.
  CHECK(answer.body.starts_with(
      R"({"state":"degraded","components":[{"name":"primary","state":"serving","reason":""},)"
      R"({"name":"kv","state":"live","reason":""},{"name":"validator","state":"serving")"));
  answer = client.ask("GET", "/v1/status");
  CHECK(answer.status == 200);
  CHECK(answer.body.starts_with("{\"version\":\"test\",\"uptime_seconds\":"));
  CHECK(answer.body.find(R"("checks":3)") != std::string::npos);

  server.control().primary_serves = false;
  answer = client.ask("GET", "/readyz");
  CHECK(answer.status == 503);
  CHECK(answer.header("Retry-After") == "1");
}

TEST_CASE("metrics count what was answered") {
  metrics::registry registry;
  http::server_options options;
  options.registry = &registry;
  options.metrics_text = [&] { return registry.expose(); };
  running_server server(options);
  raw_client client(server.port());
  CHECK(client.ask("GET", "/v1/kv/c/k").status == 404);
  CHECK(client.ask("GET", "/nowhere").status == 404);
  const auto answer = client.ask("GET", "/metrics");
  CHECK(answer.status == 200);
  CHECK(answer.header("Content-Type").starts_with("text/plain; version=0.0.4"));
  CHECK(answer.body.find(R"(keelson_http_requests_total{route="GET /v1/kv/{collection}/{key}",)"
                         R"(status="404"} 1)") != std::string::npos);
  CHECK(answer.body.find(R"(keelson_http_requests_total{route="none",status="404"} 1)") !=
        std::string::npos);
}

TEST_CASE("verification is asked for, followed and stopped") {
  running_server server;
  raw_client client(server.port());
  auto answer = client.ask("POST", "/v1/verify", {}, R"({"secondary":"kv"})");
  CHECK(answer.status == 202);
  CHECK(answer.body == "{\"id\":\"pass1\"}");
  CHECK(answer.header("Location") == "/v1/verify/pass1");
  CHECK(client.ask("POST", "/v1/verify").status == 202);
  CHECK(client.ask("POST", "/v1/verify", {}, R"({"secondary":"nope"})").status == 400);
  CHECK(client.ask("GET", "/v1/verify/pass1").body.starts_with(R"({"id":"pass1","state":"equal")"));
  CHECK(client.ask("GET", "/v1/verify/pass2").status == 404);
  CHECK(client.ask("GET", "/v1/verify/pass1/differences?after=0").body == R"({"differences":[]})");
  CHECK(client.ask("GET", "/v1/verify/pass1/differences?after=x").status == 400);
  CHECK(client.ask("DELETE", "/v1/verify/pass1").status == 200);
}

TEST_CASE("a comparison takes any collection whose name is one") {
  running_server server;
  raw_client client(server.port());
  const auto verify = [&](const std::string& collection) {
    return client.ask("POST", "/v1/verify", {}, R"({"collection":")" + collection + "\"}");
  };
  CHECK(verify("cities").status == 202);
  const auto invalid = verify("Citys");
  CHECK(invalid.status == 400);
  CHECK(invalid.body.find("invalid_collection") != std::string::npos);
}

TEST_CASE("when actors are gone, reads are unavailable and writes unknown") {
  running_server server;
  raw_client client(server.port());
  server.end_actors();
  auto answer = client.ask("GET", "/v1/kv/c/k");
  CHECK(answer.status == 503);
  CHECK(answer.header("Retry-After") == "1");
  answer = client.ask("PUT", "/v1/kv/c/k", {}, "1");
  CHECK(answer.status == 504);
  CHECK(answer.body.find("outcome_unknown") != std::string::npos);
  CHECK(client.ask("GET", "/v1/kv/c/k?verify=wait&timeout=1s").status == 503);
  CHECK(client.ask("GET", "/readyz").status == 503);
  CHECK(client.ask("GET", "/healthz").status == 200);
}

TEST_CASE("a write that is not answered is unknown at its deadline") {
  running_server server;
  server.control().writer_silent = true;
  raw_client client(server.port());
  const auto answer = client.ask("PUT", "/v1/kv/c/k?timeout=10ms", {}, "1");
  CHECK(answer.status == 504);
  CHECK(answer.body.find("outcome_unknown") != std::string::npos);
}

TEST_CASE("more than may be in flight is refused") {
  http::server_options options;
  options.requests_in_flight = 1;
  running_server server(options);
  server.control().writer_silent = true;
  raw_client waiting(server.port());
  waiting.send(test::request_text("PUT", "/v1/kv/c/k?timeout=1s", {}, "1"));
  raw_client client(server.port());
  // Until the waiting one has taken the only place, reads go through.
  auto answer = client.ask("GET", "/v1/kv/c/k");
  while (answer.status == 404) answer = client.ask("GET", "/v1/kv/c/k");
  CHECK(answer.status == 503);
  CHECK(answer.body.find("overloaded") != std::string::npos);
  CHECK(answer.header("Retry-After") == "1");
  CHECK(waiting.read().status == 504);
  CHECK(server.server().requests_refused() > 0);
  CHECK(client.ask("GET", "/v1/kv/c/k").status == 404);
}
