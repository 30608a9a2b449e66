#include <catch2/catch.hpp>

#include "tests/unit/http/raw_client.hpp"
#include "tests/unit/http/running_server.hpp"

using namespace keelson;
using namespace std::chrono_literals;
using test::raw_client;
using test::request_text;
using test::running_server;

TEST_CASE("pipelined requests take effect and are answered in their order") {
  running_server server;
  raw_client client(server.port());
  std::string all;
  constexpr int rounds = 50;
  for (int i = 0; i < rounds; ++i) {
    all += request_text("PUT", "/v1/kv/c/k", {}, std::to_string(i));
    all += request_text("GET", "/v1/kv/c/k", {}, {});
  }
  client.send(all);
  for (int i = 0; i < rounds; ++i) {
    CHECK(client.read().body.find("\"version\":" + std::to_string(i + 1)) != std::string::npos);
    CHECK(client.read().body == std::to_string(i));
  }
}

TEST_CASE("an answer does not wait for that to a later request") {
  running_server server;
  server.control().writer_silent = true;
  raw_client client(server.port());
  client.send(request_text("GET", "/v1/kv/c/k", {}, {}) +
              request_text("PUT", "/v1/kv/c/k?timeout=60s", {}, "1"));
  CHECK(client.read().status == 404);
}

TEST_CASE("a request may come in any pieces") {
  running_server server;
  raw_client client(server.port());
  const std::string text = request_text("PUT", "/v1/kv/c/k", {}, "[1,2,3]");
  for (const char each : text) client.send({&each, 1});
  CHECK(client.read().status == 201);
  client.send(
      "\r\nPUT /v1/kv/c/k HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
      "1;x=y\r\n[\r\n");
  client.send("3\r\n4,5\r\n1\r\n]\r\n0\r\n\r\n");
  client.send(request_text("GET", "/v1/kv/c/k", {}, {}));
  CHECK(client.read().status == 200);
  CHECK(client.read().body == "[4,5]");
}

TEST_CASE("a large value goes in and out whole, and the next request follows") {
  running_server server;
  raw_client client(server.port());
  const std::string value = '"' + std::string((1 << 20) - 2, 'x') + '"';
  const std::string get = request_text("GET", "/v1/kv/c/k", {}, {});
  client.send(request_text("PUT", "/v1/kv/c/k", {}, value) + get + get);
  CHECK(client.read().status == 201);
  CHECK(client.read().body == value);
  CHECK(client.read().body == value);
}

TEST_CASE("a body that is too large is refused, and what was said of it is thrown away") {
  running_server server;
  raw_client client(server.port());
  const std::string value = '"' + std::string(2 << 20, 'x') + '"';
  client.send(request_text("PUT", "/v1/kv/c/k", {}, value));
  const auto answer = client.read();
  CHECK(answer.status == 413);
  CHECK(answer.header("Connection") == "close");
  client.finish_sending();
  CHECK(client.read_to_end().empty());

  raw_client chunked(server.port());
  chunked.send("PUT /v1/kv/c/k HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
  chunked.send("200000\r\n" + std::string(0x200000, '1') + "\r\n0\r\n\r\n");
  CHECK(chunked.read().status == 413);
}

TEST_CASE("a small refused body does not cost the connection") {
  running_server server;
  raw_client client(server.port());
  const std::string body = '"' + std::string(20'000, 'x') + '"';
  client.send(request_text("PUT", "/v1/kv/c/k", "Content-Type: text/plain\r\n", body) +
              request_text("GET", "/healthz", {}, {}));
  CHECK(client.read().status == 415);
  CHECK(client.read().status == 200);
}

TEST_CASE("a client that waits is told to go on, and only if its body is wanted") {
  running_server server;
  raw_client client(server.port());
  const std::string head =
      "PUT /v1/kv/c/k HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
      "Content-Length: 1\r\n";
  client.send(head + "\r\n");
  CHECK(client.read().status == 100);
  client.send("1");
  CHECK(client.read().status == 201);
  client.send(head + "Content-Type: text/plain\r\n\r\n");
  CHECK(client.read().status == 415);
}

TEST_CASE("an expectation that is not met is said not to be") {
  running_server server;
  raw_client client(server.port());
  const auto refused = client.ask("GET", "/healthz", "Expect: a-miracle\r\n");
  CHECK(refused.status == 400);
  CHECK(refused.body.find(R"("status":400,)") != std::string::npos);
  CHECK(refused.body.find(R"("code":"invalid_parameter")") != std::string::npos);
  CHECK(client.ask("GET", "/healthz", "Expect: 100-Continue\r\n").status == 200);
  client.send("GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\nExpect: a-miracle\r\n\r\n");
  CHECK(client.read().status == 200);
  const auto with_body = client.ask("PUT", "/v1/kv/c/k", "Expect: a-miracle\r\n", "1");
  CHECK(with_body.status == 400);
  CHECK(with_body.header("Connection") == "close");
  CHECK(raw_client(server.port()).ask("GET", "/v1/kv/c/k").status == 404);
}

TEST_CASE("heads that are refused") {
  running_server server;
  const std::pair<std::string, unsigned> heads[] = {
      {"NONSENSE\r\n\r\n", 400},
      {"GET /healthz HTTP/1.1\r\n\r\n", 400},
      {"GET /healthz HTTP/3.0\r\nHost: localhost\r\n\r\n", 400},
      {"GET healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", 400},
      {"GET /healthz HTTP/1.1\r\nHost: localhost\r\nIf-Match: \"1\"\r\nIf-Match: *\r\n\r\n", 400},
      {"GET /healthz HTTP/1.1\r\nHost: localhost\r\nAccept: a\r\n b\r\n\r\n", 400},
      {"PUT / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n", 400},
      {"PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n"
       "\r\n",
       400},
      {"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n", 431}};
  for (const auto& [text, status] : heads) {
    CAPTURE(text.substr(0, 80));
    raw_client client(server.port());
    client.send(text);
    const auto answer = client.read();
    CHECK(answer.status == status);
    CHECK(answer.header("Connection") == "close");
    client.finish_sending();
    CHECK(client.read_to_end().empty());
  }
}

TEST_CASE("paths, methods and parameters that are not there") {
  running_server server;
  raw_client client(server.port());
  CHECK(client.ask("GET", "/v1/nothing").status == 404);
  CHECK(client.ask("GET", "/healthz/").status == 404);
  auto answer = client.ask("PATCH", "/v1/kv/c");
  CHECK(answer.status == 405);
  CHECK(answer.header("Allow") == "GET, HEAD, POST, DELETE");
  answer = client.ask("POST", "/v1/kv/c/k", {}, "1");
  CHECK(answer.status == 405);
  CHECK(answer.header("Allow") == "GET, HEAD, PUT, PATCH, DELETE");
  CHECK(client.ask("BREW", "/healthz").status == 405);
  for (const char* target :
       {"/v1/kv/c/k?colour=red", "/healthz?x", "/v1/kv/c?limit=1&limit=2", "/v1/kv/c?prefix=%ff",
        "/v1/kv/c/k?timeout=61s", "/v1/kv/c/k?timeout=x"}) {
    CAPTURE(target);
    answer = client.ask("GET", target);
    CHECK(answer.status == 400);
    CHECK(answer.body.find("invalid_parameter") != std::string::npos);
  }
}

TEST_CASE("request ids are taken if they are sane") {
  running_server server;
  raw_client client(server.port());
  CHECK(client.ask("GET", "/healthz", "X-Request-Id: a.b_c-9\r\n").header("X-Request-Id") ==
        "a.b_c-9");
  for (const std::string& id : {std::string("a b"), std::string(65, 'x'), std::string("<x>")}) {
    const auto made =
        client.ask("GET", "/healthz", "X-Request-Id: " + id + "\r\n").header("X-Request-Id");
    CHECK(made.size() == 13);
  }
}

TEST_CASE("keeping a connection, or not") {
  running_server server;
  raw_client client(server.port());
  CHECK(client.ask("GET", "/healthz").header("Connection").empty());
  CHECK(client.ask("GET", "/healthz", "Connection: close\r\n").header("Connection") == "close");
  CHECK(client.read_to_end().empty());
  raw_client old(server.port());
  old.send("GET /healthz HTTP/1.0\r\n\r\n");
  CHECK(old.read().header("Connection") == "close");
  CHECK(old.read_to_end().empty());
}

TEST_CASE("a client that dawdles over a head or a body is cut off") {
  http::server_options options;
  options.connection.head_time = 300ms;
  options.connection.body_idle = 300ms;
  options.connection.keep_alive = 300ms;
  running_server server(options);
  raw_client silent(server.port());
  CHECK(silent.read_to_end().empty());
  raw_client slow_head(server.port());
  slow_head.send("GET /he");
  CHECK_THAT(slow_head.read_to_end(), Catch::Contains("503") && Catch::Contains("unavailable"));
  raw_client slow_body(server.port());
  slow_body.send("PUT /v1/kv/c/k HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n1");
  CHECK_THAT(slow_body.read_to_end(), Catch::Contains("503") && Catch::Contains("unavailable"));
}

TEST_CASE("connections have a bound") {
  http::server_options options;
  options.connection.connections = 2;
  running_server server(options);
  raw_client first(server.port());
  CHECK(first.ask("GET", "/healthz").status == 200);
  raw_client second(server.port());
  CHECK(second.ask("GET", "/healthz").status == 200);
  raw_client third(server.port());
  const auto answer = third.read();
  CHECK(answer.status == 503);
  CHECK(answer.body.ends_with("\"code\":\"overloaded\"}"));
  CHECK(third.read_to_end().empty());
  CHECK(second.ask("GET", "/healthz").status == 200);
}
