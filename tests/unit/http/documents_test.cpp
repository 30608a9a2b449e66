#include <catch2/catch.hpp>

#include "tests/unit/http/raw_client.hpp"
#include "tests/unit/http/running_server.hpp"

using namespace keelson;
using test::raw_client;
using test::running_server;

namespace {

constexpr std::string_view json = "Content-Type: application/json\r\n";

bool has_code(const test::raw_answer& answer, std::string_view code) {
  return answer.header("Content-Type") == "application/problem+json" &&
         answer.body.find("\"code\":\"" + std::string(code) + '"') != std::string::npos;
}

}  // namespace

TEST_CASE("a document is created, read, replaced, changed and deleted") {
  running_server server;
  raw_client client(server.port());
  auto answer = client.ask("PUT", "/v1/kv/cities/paris", json, R"({"b": 1.0, "a": [ ]})");
  CHECK(answer.status == 201);
  CHECK(answer.body == R"({"key":"paris","version":1,"position":"abcdefgh:1"})");
  CHECK(answer.header("ETag") == "\"1\"");

  answer = client.ask("GET", "/v1/kv/cities/paris");
  CHECK(answer.status == 200);
  CHECK(answer.body == R"({"a":[],"b":1})");
  CHECK(answer.header("ETag") == "\"1\"");
  CHECK(answer.header("Keelson-Position") == "abcdefgh:1");
  CHECK(answer.header("Last-Modified") == "Mon, 01 Jan 2024 00:00:00 GMT");
  CHECK(answer.header("Content-Type") == "application/json");
  CHECK_FALSE(answer.header("X-Request-Id").empty());

  answer = client.ask("HEAD", "/v1/kv/cities/paris");
  CHECK(answer.status == 200);
  CHECK(answer.header("Content-Length") == "14");

  CHECK(client.ask("PUT", "/v1/kv/cities/paris", json, "2").status == 200);
  CHECK(client.ask("PUT", "/v1/kv/cities/paris", json, R"({"x":1,"y":2})").status == 200);
  answer = client.ask("PATCH", "/v1/kv/cities/paris",
                      "Content-Type: application/merge-patch+json\r\n", R"({"x":null})");
  CHECK(answer.status == 200);
  CHECK(client.ask("GET", "/v1/kv/cities/paris").body == R"({"y":2})");
  answer = client.ask("DELETE", "/v1/kv/cities/paris");
  CHECK(answer.status == 200);
  CHECK(answer.body == R"({"key":"paris","version":5,"position":"abcdefgh:5"})");

  answer = client.ask("GET", "/v1/kv/cities/paris");
  CHECK(answer.status == 404);
  CHECK(has_code(answer, "not_found"));
  CHECK(answer.header("Keelson-Position") == "abcdefgh:5");
  CHECK(has_code(client.ask("DELETE", "/v1/kv/cities/paris"), "not_found"));
}

TEST_CASE("preconditions of writes") {
  running_server server;
  raw_client client(server.port());
  const std::string path = "/v1/kv/c/k";
  CHECK(client.ask("PUT", path, "If-None-Match: *\r\n", "1").status == 201);
  auto answer = client.ask("PUT", path, "If-None-Match: *\r\n", "2");
  CHECK(answer.status == 412);
  CHECK(has_code(answer, "precondition_failed"));
  CHECK(answer.body.find("\"version\":1") != std::string::npos);
  CHECK(client.ask("PUT", path, "If-Match: \"1\"\r\n", "2").status == 200);
  CHECK(client.ask("PUT", path, "If-Match: \"1\"\r\n", "3").status == 412);
  CHECK(client.ask("PUT", path, "If-Match: nonsense\r\n", "3").status == 400);
  CHECK(client.ask("DELETE", path, "If-Match: \"1\"\r\n").status == 412);
  CHECK(client.ask("DELETE", path, "If-Match: *\r\n").status == 200);
  answer = client.ask("PUT", path, "If-Match: *\r\n", "3");
  CHECK(answer.status == 412);
  CHECK(answer.body.find("\"version\":null") != std::string::npos);
}

TEST_CASE("preconditions of reads") {
  running_server server;
  raw_client client(server.port());
  CHECK(client.ask("PUT", "/v1/kv/c/k", json, "1").status == 201);
  auto answer = client.ask("GET", "/v1/kv/c/k", "If-None-Match: \"9\", W/\"1\"\r\n");
  CHECK(answer.status == 304);
  CHECK(answer.body.empty());
  CHECK(answer.header("ETag") == "\"1\"");
  CHECK(client.ask("GET", "/v1/kv/c/k", "If-None-Match: \"2\"\r\n").body == "1");
  CHECK(client.ask("GET", "/v1/kv/c/k", "If-Match: \"2\"\r\n").status == 412);
  CHECK(client.ask("GET", "/v1/kv/c/missing", "If-None-Match: *\r\n").status == 404);
}

TEST_CASE("keys are decoded once and checked") {
  running_server server;
  raw_client client(server.port());
  CHECK(client.ask("PUT", "/v1/kv/c/a%2Fb%20%C3%A4", json, "1")
            .body.starts_with("{\"key\":\"a/b ä\""));
  CHECK(client.ask("GET", "/v1/kv/c/a%2fb%20%c3%a4").status == 200);
  CHECK(client.ask("GET", "/v1/kv/c/a/b").status == 404);
  CHECK(has_code(client.ask("GET", "/v1/kv/c/%FF"), "invalid_key"));
  CHECK(has_code(client.ask("GET", "/v1/kv/c/%00"), "invalid_key"));
  CHECK(has_code(client.ask("GET", "/v1/kv/c/%4"), "invalid_key"));
  CHECK(has_code(client.ask("GET", "/v1/kv/c/"), "invalid_key"));
  CHECK(has_code(client.ask("GET", "/v1/kv/c/" + std::string(513, 'k')), "invalid_key"));
  CHECK(has_code(client.ask("GET", "/v1/kv/_system/k"), "invalid_collection"));
}

TEST_CASE("bodies that are refused") {
  running_server server;
  raw_client client(server.port());
  const std::string path = "/v1/kv/c/k";
  CHECK(has_code(client.ask("PUT", path, json, "{"), "invalid_json"));
  CHECK(has_code(client.ask("PUT", path, json), "invalid_json"));
  CHECK(has_code(client.ask("PUT", path, json, "1e999"), "number_out_of_range"));
  CHECK(has_code(client.ask("PUT", path, "Content-Type: text/plain\r\n", "1"),
                 "unsupported_media_type"));
  CHECK(has_code(client.ask("PATCH", path, json, "1"), "unsupported_media_type"));
  CHECK(has_code(client.ask("PUT", path, "Content-Encoding: gzip\r\n", "1"),
                 "unsupported_media_type"));
  CHECK(client.ask("GET", path).status == 404);
}

TEST_CASE("an idempotency key gives the same answer once") {
  running_server server;
  raw_client client(server.port());
  const std::string key = "Idempotency-Key: k1\r\n";
  const auto first = client.ask("PUT", "/v1/kv/c/k", key, "{\"a\":1,\"b\":2}");
  CHECK(first.status == 201);
  const auto again = client.ask("PUT", "/v1/kv/c/k", key, "{\"b\":2, \"a\":1}");
  CHECK(again.status == 201);
  CHECK(again.body == first.body);
  CHECK(has_code(client.ask("PUT", "/v1/kv/c/k", key, "2"), "idempotency_mismatch"));
  CHECK(has_code(client.ask("PUT", "/v1/kv/c/other", key, "1"), "idempotency_mismatch"));
  CHECK(has_code(client.ask("PUT", "/v1/kv/c/k", "Idempotency-Key: a b\r\n", "1"),
                 "invalid_parameter"));

  const std::string made = "Idempotency-Key: k2\r\n";
  const auto created = client.ask("POST", "/v1/kv/c", made, "1");
  CHECK(created.status == 201);
  const auto repeated = client.ask("POST", "/v1/kv/c", made, "1");
  CHECK(repeated.body == created.body);
  CHECK(repeated.header("Location") == created.header("Location"));
}

TEST_CASE("however a request is encoded, its idempotency key knows it") {
  running_server server;
  raw_client client(server.port());
  const std::string key = "Idempotency-Key: k3\r\n";
  const auto first = client.ask("PUT", "/v1/kv/c/a%2Fb%C3%BC?timeout=5s", key, "[1]");
  CHECK(first.status == 201);
  const auto again = client.ask("PUT", "/v1/kv/c/%61%2fb%c3%bc?t%69meout=5s", key, " [1] ");
  CHECK(again.status == 201);
  CHECK(again.body == first.body);
  CHECK(has_code(client.ask("PUT", "/v1/kv/c/a%252Fb%C3%BC?timeout=5s", key, "[1]"),
                 "idempotency_mismatch"));
  CHECK(has_code(client.ask("PUT", "/v1/kv/c/a%2Fb%C3%BC?timeout=6s", key, "[1]"),
                 "idempotency_mismatch"));
}

TEST_CASE("a made key is told and can be read") {
  running_server server;
  raw_client client(server.port());
  const auto answer = client.ask("POST", "/v1/kv/c", json, "[1]");
  CHECK(answer.status == 201);
  const std::string location = answer.header("Location");
  REQUIRE(location.starts_with("/v1/kv/c/"));
  CHECK(location.substr(9).size() == 36);
  CHECK(location[9 + 14] == '7');
  CHECK(client.ask("GET", location).body == "[1]");
}

TEST_CASE("lists") {
  running_server server;
  raw_client client(server.port());
  for (const char* key : {"a1", "a2", "a3", "b1"})
    CHECK(client.ask("PUT", "/v1/kv/c/" + std::string(key), json, "1").status == 201);
  auto answer = client.ask("GET", "/v1/kv/c?prefix=a&limit=2");
  CHECK(answer.status == 200);
  CHECK(answer.body ==
        R"({"items":[{"key":"a1","version":1,"value":1},)"
        R"({"key":"a2","version":2,"value":1}],"next":"a2","position":"abcdefgh:4"})");
  CHECK(answer.header("Keelson-Position") == "abcdefgh:4");
  answer = client.ask("GET", "/v1/kv/c?prefix=a&after=a2&values=false");
  CHECK(answer.body == R"({"items":[{"key":"a3","version":3}],"position":"abcdefgh:4"})");
  answer = client.ask("GET", "/v1/kv/c?reverse=true&limit=1&values=false");
  CHECK(answer.body.starts_with(R"({"items":[{"key":"b1","version":4}],"next":"b1")"));
  CHECK(client.ask("GET", "/v1/kv/c?limit=1001").status == 400);
  CHECK(client.ask("GET", "/v1/kv/c?limit=0").status == 400);
  CHECK(client.ask("GET", "/v1/kv/c?reverse=yes").status == 400);
}

TEST_CASE("batches") {
  running_server server;
  raw_client client(server.port());
  auto answer = client.ask("POST", "/v1/batch", json,
                           R"({"operations":[{"op":"put","collection":"a","key":"x","value":1},)"
                           R"({"op":"delete","collection":"a","key":"none"},)"
                           R"({"op":"put","collection":"b","key":"y","value":2}]})");
  CHECK(answer.status == 200);
  CHECK(answer.body ==
        R"({"position":"abcdefgh:2","results":[{"version":1},{"version":null},{"version":2}]})");
  answer = client.ask("POST", "/v1/batch", json,
                      R"({"operations":[{"op":"put","collection":"a","key":"x","value":9},)"
                      R"({"op":"check","collection":"b","key":"y","if_version":7}]})");
  CHECK(answer.status == 412);
  CHECK(answer.body.find(R"("index":1,"version":2)") != std::string::npos);
  CHECK(client.ask("GET", "/v1/kv/a/x").body == "1");

  answer = client.ask("POST", "/v1/batch/get", json, R"({"collection":"a","keys":["x","z"]})");
  CHECK(answer.status == 200);
  CHECK(answer.body == R"({"items":[{"key":"x","version":1,"value":1}],"missing":["z"],)"
                       R"("position":"abcdefgh:2"})");
  CHECK(client.ask("GET", "/v1/batch").status == 405);
}

TEST_CASE("where a read comes from, and how it is checked") {
  running_server server;
  raw_client client(server.port());
  CHECK(client.ask("PUT", "/v1/kv/c/k", json, "1").status == 201);
  auto answer = client.ask("GET", "/v1/kv/c/k?store=kv&verify=off");
  CHECK(answer.status == 200);
  CHECK(answer.header("Keelson-Store") == "kv");
  CHECK(has_code(client.ask("GET", "/v1/kv/c/k?store=nope"), "invalid_parameter"));
  answer = client.ask("GET", "/v1/kv/c/k?verify=wait");
  CHECK(answer.header("Keelson-Consistency") == "kv=equal");
  CHECK(client.ask("GET", "/v1/kv/c/k?verify=maybe").status == 400);
  CHECK(client.ask("GET", "/v1/kv/c/k?min_position=abcdefgh:1").status == 200);
  CHECK(has_code(client.ask("GET", "/v1/kv/c/k?min_position=abcdefgh:2"), "position_not_reached"));
  answer = client.ask("GET", "/v1/kv/c/k?min_position=hgfedcba:1");
  CHECK(answer.status == 410);
  CHECK(answer.body.find(R"("oldest":"abcdefgh:0")") != std::string::npos);
  CHECK(has_code(client.ask("GET", "/v1/kv/c/k?min_position=5"), "invalid_position"));
}

TEST_CASE("single reads are handed to the validator after the answer, others are not") {
  running_server server;
  raw_client client(server.port());
  CHECK(client.ask("GET", "/v1/kv/c/off?verify=off").status == 404);
  CHECK(client.ask("GET", "/v1/kv/c/wait?verify=wait").status == 404);
  CHECK(client.ask("GET", "/v1/kv/c/first").status == 404);
  CHECK(client.ask("GET", "/v1/kv/c/second").status == 404);
  // The validator takes messages in their order, so once it has answered this it has the first.
  CHECK(client.ask("GET", "/v1/kv/c/third?verify=wait").status == 404);
  const std::lock_guard lock(server.control().mutex);
  REQUIRE_FALSE(server.control().checked.empty());
  CHECK(server.control().checked.front() == "first");
}
