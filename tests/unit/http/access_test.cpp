#include "protocols/http/access.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/http/raw_client.hpp"
#include "tests/unit/http/running_server.hpp"

using namespace keelson;
using test::raw_client;
using test::running_server;

TEST_CASE("hosts that name the service") {
  const http::access_policy policy("192.0.2.7", {"db.example.org"}, {});
  for (const char* host : {"localhost", "LOCALHOST:8470", "127.0.0.1:8470", "[::1]:8470", "[::1]",
                           "192.0.2.7:80", "DB.example.org", "10.1.2.3:8470"}) {
    CAPTURE(host);
    CHECK(policy.check_host(host, "10.1.2.3"));
  }
  for (const char* host : {"evil.example", "localhost.evil.example", "192.0.2.8", "[", "[]:1",
                           "127.0.0.1.evil.example:8470"}) {
    CAPTURE(host);
    CHECK(policy.check_host(host, "10.1.2.3").error().code == errc::forbidden);
  }
}

TEST_CASE("pages that may speak to the service") {
  const http::access_policy policy("127.0.0.1", {}, {"https://app.example.org"});
  CHECK(policy.check_origin("", "localhost"));
  CHECK(policy.check_origin("https://app.example.org", "localhost"));
  CHECK(policy.check_origin("http://localhost:8470", "localhost:8470"));
  for (const char* origin : {"null", "http://localhost:3000", "https://evil.example",
                             "https://app.example.org.evil.example"}) {
    CAPTURE(origin);
    CHECK(policy.check_origin(origin, "localhost:8470").error().code == errc::forbidden);
  }
  const http::access_policy no_wildcard("127.0.0.1", {}, {"*"});
  CHECK_FALSE(no_wildcard.check_origin("https://evil.example", "localhost:8470"));
}

TEST_CASE("a foreign host or origin gets nothing") {
  http::server_options options;
  options.allowed_origins = {"https://app.example.org"};
  running_server server(options);
  raw_client client(server.port());
  client.send("GET /healthz HTTP/1.1\r\nHost: evil.example\r\n\r\n");
  CHECK(client.read().status == 403);
  CHECK(client.ask("GET", "/healthz").status == 200);
  auto answer = client.ask("PUT", "/v1/kv/c/k", "Origin: https://evil.example\r\n", "1");
  CHECK(answer.status == 403);
  CHECK(answer.header("Access-Control-Allow-Origin").empty());
  CHECK(client.ask("GET", "/v1/kv/c/k").status == 404);

  const std::string origin = "Origin: https://app.example.org\r\n";
  answer = client.ask("GET", "/healthz", origin);
  CHECK(answer.status == 200);
  CHECK(answer.header("Access-Control-Allow-Origin") == "https://app.example.org");
  answer = client.ask("OPTIONS", "/v1/kv/c/k", origin + "Access-Control-Request-Method: PUT\r\n");
  CHECK(answer.status == 204);
  CHECK(answer.header("Access-Control-Allow-Methods").find("PUT") != std::string::npos);
  answer = client.ask("OPTIONS", "/v1/kv/c/k",
                      "Origin: https://evil.example\r\nAccess-Control-Request-Method: PUT\r\n");
  CHECK(answer.status == 403);
}
