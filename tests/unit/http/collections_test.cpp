#include <catch2/catch.hpp>

#include "protocols/model/digest.hpp"
#include "protocols/model/document.hpp"
#include "tests/unit/http/raw_client.hpp"
#include "tests/unit/http/running_server.hpp"

using namespace keelson;
using test::raw_client;
using test::running_server;

namespace {

void fill(raw_client& client, int documents) {
  for (int i = 0; i < documents; ++i) {
    const auto key = (i < 10 ? "a" : "b") + std::to_string(100 + i);
    REQUIRE(client.ask("PUT", "/v1/kv/c/" + key, "", std::to_string(i)).status == 201);
  }
}

}  // namespace

TEST_CASE("collections are listed with what they hold") {
  running_server server;
  raw_client client(server.port());
  CHECK(client.ask("GET", "/v1/collections").body ==
        R"({"collections":[],"position":"abcdefgh:0"})");
  fill(client, 2);
  CHECK(client.ask("PUT", "/v1/kv/d/x", "", "\"12345\"").status == 201);
  const auto answer = client.ask("GET", "/v1/collections");
  CHECK(answer.body ==
        R"({"collections":[{"name":"c","documents":2,"bytes":2},{"name":"d","documents":1,)"
        R"("bytes":7}],"position":"abcdefgh:3"})");
  CHECK(answer.header("Keelson-Position") == "abcdefgh:3");
}

TEST_CASE("a range is deleted by its prefix, or all of it, and only when it is said which") {
  running_server server;
  raw_client client(server.port());
  fill(client, 15);
  for (const char* vague : {"", "?all=false", "?prefix=", "?prefix=a&all=true"})
    CHECK(client.ask("DELETE", std::string("/v1/kv/c") + vague).status == 400);
  CHECK(client.ask("DELETE", "/v1/kv/c?all=true", "Idempotency-Key: k\r\n").status == 400);
  CHECK(client.ask("DELETE", "/v1/kv/c?prefix=a").body ==
        R"({"deleted":10,"position":"abcdefgh:25"})");
  CHECK(client.ask("DELETE", "/v1/kv/c?prefix=a").body ==
        R"({"deleted":0,"position":"abcdefgh:25"})");
  CHECK(client.ask("DELETE", "/v1/kv/c?all=true").body ==
        R"({"deleted":5,"position":"abcdefgh:30"})");
  CHECK(client.ask("GET", "/v1/kv/c").body == R"({"items":[],"position":"abcdefgh:30"})");
}

TEST_CASE("a list streams as lines with a trailer of what was sent") {
  running_server server;
  raw_client client(server.port());
  fill(client, 3);
  const auto answer = client.ask("GET", "/v1/kv/c", "Accept: application/x-ndjson\r\n");
  CHECK(answer.status == 200);
  CHECK(answer.header("Content-Type") == "application/x-ndjson");
  set_digest sent;
  for (std::uint64_t i = 0; i < 3; ++i) {
    const document_id id{collection_name::trusted("c"),
                         document_key::trusted("a" + std::to_string(100 + i))};
    sent.add(hash_document(id, {i + 1}, "", hash_value(std::to_string(i))));
  }
  CHECK(answer.body == R"({"key":"a100","version":1,"value":0})"
                       "\n"
                       R"({"key":"a101","version":2,"value":1})"
                       "\n"
                       R"({"key":"a102","version":3,"value":2})"
                       "\n"
                       R"({"position":"abcdefgh:3","count":3,"digest":")" +
                           sent.hex() + "\"}\n");
  CHECK(client.ask("GET", "/v1/kv/c?limit=1", "Accept: application/x-ndjson\r\n").status == 400);
}

TEST_CASE("a read waits for its position until its deadline") {
  running_server server;
  raw_client waiting(server.port());
  raw_client writing(server.port());
  waiting.send("GET /v1/kv/c/k?min_position=abcdefgh:2 HTTP/1.1\r\nHost: localhost\r\n\r\n");
  CHECK(writing.ask("PUT", "/v1/kv/c/other", "", "1").status == 201);
  CHECK(writing.ask("PUT", "/v1/kv/c/k", "", "2").status == 201);
  const auto answer = waiting.read();
  CHECK(answer.status == 200);
  CHECK(answer.body == "2");
  const auto late = waiting.ask("GET", "/v1/kv/c/k?min_position=abcdefgh:9&timeout=50ms");
  CHECK(late.status == 504);
  CHECK(late.body.find("position_not_reached") != std::string::npos);
  CHECK(waiting.ask("GET", "/v1/kv/c/k?min_position=otherepo:1").status == 410);
}

TEST_CASE("an operator's verbs answer with the secondary's state") {
  running_server server;
  raw_client client(server.port());
  CHECK(client.ask("POST", "/v1/secondaries/kv/pause").body.find(R"("state":"paused")") !=
        std::string::npos);
  CHECK(client.ask("POST", "/v1/secondaries/kv/resume").status == 200);
  CHECK(client.ask("POST", "/v1/secondaries/kv/rebuild").status == 409);
  CHECK(client.ask("POST", "/v1/secondaries/kv/rebuild", "", R"({"confirm":true})").status == 200);
  CHECK(client.ask("POST", "/v1/secondaries/kv/rebuild", "", R"({"confirm":1})").status == 400);
  for (const char* unknown : {"primary", "other"}) {
    CHECK(client.ask("POST", std::string("/v1/secondaries/") + unknown + "/pause").status == 404);
  }
}

TEST_CASE("pause and resume take no body, or an empty object") {
  running_server server;
  raw_client client(server.port());
  for (const std::string target : {"/v1/secondaries/kv/pause", "/v1/secondaries/kv/resume"}) {
    CHECK(client.ask("POST", target, "", " { } ").status == 200);
    for (const char* body : {R"({"confirm":true})", "[]", "0", "null"}) {
      CAPTURE(target, body);
      const auto refused = client.ask("POST", target, "", body);
      CHECK(refused.status == 400);
      CHECK(refused.body.find("invalid_parameter") != std::string::npos);
    }
    CHECK(client.ask("POST", target, "", "{").body.find("invalid_json") != std::string::npos);
    CHECK(client.ask("POST", target, "Content-Type: text/plain\r\n", "{}").status == 415);
    CHECK(client.ask("POST", target, "", std::string(5000, ' ')).status == 413);
  }
}

TEST_CASE("a verb that is not answered by its deadline leaves its outcome open") {
  running_server server;
  server.control().operator_silent = true;
  raw_client client(server.port());
  const auto late = client.ask("POST", "/v1/secondaries/kv/pause?timeout=10ms");
  CHECK(late.status == 504);
  CHECK(late.body.find("outcome_unknown") != std::string::npos);
}
