#include <catch2/catch.hpp>

#include "tests/unit/http/raw_client.hpp"
#include "tests/unit/http/running_server.hpp"

using namespace keelson;
using test::raw_client;
using test::running_server;

namespace {

constexpr std::string_view ndjson = "Content-Type: application/x-ndjson\r\n";

}  // namespace

TEST_CASE("a load writes its lines in their order and names those that failed") {
  running_server server;
  raw_client client(server.port());
  const auto answer = client.ask("POST", "/v1/kv/c?timeout=5s", ndjson,
                                 "{\"key\":\"a\",\"value\":1}\n"
                                 "\r\n"
                                 "{\"key\":\"a\",\"value\":2}\n"
                                 "{\"key\":}\n"
                                 "{\"key\":\"\",\"value\":2}\n"
                                 "{\"key\":\"b\",\"value\":3}");
  CHECK(answer.status == 200);
  CHECK(answer.body.starts_with(
      R"({"written":3,"skipped":0,"failed_total":2,"failed":[{"line":4,"code":"invalid_json")"));
  CHECK(answer.body.find(R"({"line":5,"code":"invalid_key")") != std::string::npos);
  CHECK(answer.body.ends_with(R"("position":"abcdefgh:3"})"));
  CHECK(client.ask("GET", "/v1/kv/c/a").body == "2");
}

TEST_CASE("a load keyed by a member, skipping what exists") {
  running_server server;
  raw_client client(server.port());
  const std::string lines = "{\"id\":1,\"n\":\"x\"}\n{\"id\":2,\"n\":\"y\"}\n";
  auto answer = client.ask("POST", "/v1/kv/c?key_field=id&if_absent=true", ndjson, lines);
  CHECK(answer.body.starts_with(R"({"written":2,"skipped":0)"));
  answer = client.ask("POST", "/v1/kv/c?key_field=id&if_absent=true", ndjson, lines);
  CHECK(answer.body.starts_with(R"({"written":0,"skipped":2)"));
  CHECK(client.ask("GET", "/v1/kv/c/2").body == R"({"id":2,"n":"y"})");
}

TEST_CASE("a long load streams through a bounded window") {
  http::server_options options;
  options.bulk_lines_in_flight = 16;
  running_server server(options);
  raw_client client(server.port());
  constexpr int lines = 20'000;
  client.send(
      "POST /v1/kv/c HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
      "Transfer-Encoding: chunked\r\n\r\n");
  std::string piece;
  for (int i = 0; i < lines; ++i) {
    piece += "{\"key\":\"" + std::to_string(i) + "\",\"value\":" + std::to_string(i) + "}\n";
    if (piece.size() < 5000 && i + 1 < lines) continue;
    char size[16];
    std::snprintf(size, sizeof size, "%zx\r\n", piece.size());
    client.send(size + piece + "\r\n");
    piece.clear();
  }
  client.send("0\r\n\r\n");
  CHECK(client.read().body.starts_with("{\"written\":20000,\"skipped\":0,\"failed_total\":0"));
  CHECK(client.ask("GET", "/v1/kv/c/19999").body == "19999");
  const std::lock_guard lock(server.control().mutex);
  for (const std::size_t requests : server.control().write_messages) CHECK(requests <= 16);
}

TEST_CASE("a line that is too long fails alone") {
  http::server_options options;
  options.content.value = 1000;
  running_server server(options);
  raw_client client(server.port());
  const auto answer = client.ask("POST", "/v1/kv/c", ndjson,
                                 "{\"key\":\"a\",\"value\":\"" + std::string(200'000, 'x') +
                                     "\"}\n{\"key\":\"b\",\"value\":1}\n");
  CHECK(answer.body.starts_with(
      R"({"written":1,"skipped":0,"failed_total":1,"failed":[{"line":1,"code":"too_large")"));
}

TEST_CASE("the first thousand failures are named") {
  running_server server;
  raw_client client(server.port());
  std::string lines;
  for (int i = 0; i < 1500; ++i) lines += "x\n";
  const auto answer = client.ask("POST", "/v1/kv/c", ndjson, lines);
  CHECK(answer.body.find("\"failed_total\":1500") != std::string::npos);
  CHECK(answer.body.find("\"line\":1000,") != std::string::npos);
  CHECK(answer.body.find("\"line\":1001,") == std::string::npos);
  CHECK(answer.body.ends_with("\"position\":null}"));
}

TEST_CASE("what does not go with a load") {
  running_server server;
  raw_client client(server.port());
  const std::string keyed = std::string(ndjson) + "Idempotency-Key: x\r\n";
  CHECK(client.ask("POST", "/v1/kv/c", keyed, "{}").status == 400);
  CHECK(client.ask("POST", "/v1/kv/c?key_field=id", {}, "1").status == 400);
  CHECK(client.ask("POST", "/v1/kv/c", "Content-Type: text/csv\r\n", "1").status == 415);
}
