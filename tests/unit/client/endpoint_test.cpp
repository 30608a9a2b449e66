#include "protocols/client/endpoint.hpp"

#include <catch2/catch.hpp>

using namespace keelson::client;

TEST_CASE("the URL of a service is taken apart") {
  const auto plain = parse_endpoint("http://127.0.0.1:8470");
  REQUIRE(plain);
  CHECK(plain->security == transport::plain);
  CHECK(plain->host == "127.0.0.1");
  CHECK(plain->port == "8470");
  CHECK(plain->authority == "127.0.0.1:8470");
  CHECK(plain->base.empty());

  const auto proxied = parse_endpoint("https://[::1]/behind/proxy/");
  REQUIRE(proxied);
  CHECK(proxied->security == transport::tls);
  CHECK(proxied->host == "::1");
  CHECK(proxied->port == "443");
  CHECK(proxied->authority == "[::1]");
  CHECK(proxied->base == "/behind/proxy");
}

TEST_CASE("what is no URL of a service is refused") {
  for (const auto* url : {"", "127.0.0.1:8470", "localhost", "ftp://host", "http://", "http:///x",
                          "http://user:secret@host", "http://host?x=1", "http://host#part"}) {
    INFO(url);
    CHECK_FALSE(parse_endpoint(url));
  }
}

TEST_CASE("a key is one segment of a path, whatever it holds") {
  CHECK(document_target("cities", "a/b c%?&#\xC3\xA9") ==
        "/v1/kv/cities/a%2Fb%20c%25%3F%26%23%C3%A9");
  CHECK(document_target("cities", "A-z.0_9~") == "/v1/kv/cities/A-z.0_9~");
}

TEST_CASE("a query leaves out what is empty") {
  query_builder query;
  query.add("prefix", "").add("after", "a&b").add("limit", "5");
  CHECK(query.text() == "?after=a%26b&limit=5");
}

TEST_CASE("what may be a secret in a URL that cannot be used is not repeated") {
  for (const auto* url : {"http://me:secret@host:1", "ftp://me:secret@host", "http://h?a=secret",
                          "me:secret@host", "http://h/#secret", "http://a@me:secret@host:x"}) {
    CAPTURE(url);
    const auto refused = parse_endpoint(url);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().detail.find("secret") == std::string::npos);
  }
}
