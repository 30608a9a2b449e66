#include "protocols/wire/query.hpp"

#include <catch2/catch.hpp>

using namespace keelson;

TEST_CASE("a path is decoded once") {
  CHECK(wire::percent_decode("a%2Fb") == "a/b");
  CHECK(wire::percent_decode("a%252Fb") == "a%2Fb");
  CHECK(wire::percent_decode("a+b") == "a+b");
  CHECK(wire::percent_decode("%c3%A4") == "ä");
  for (const char* text : {"%", "%2", "%zz", "a%2", "%-1"}) {
    CAPTURE(text);
    CHECK_FALSE(wire::percent_decode(text));
  }
}

TEST_CASE("what was encoded is decoded to itself") {
  std::string every;
  for (int i = 0; i < 256; ++i) every.push_back(static_cast<char>(i));
  std::string encoded;
  wire::append_percent_encoded(encoded, every);
  CHECK(wire::percent_decode(encoded) == every);
  CHECK(encoded.find('/') == std::string::npos);
}

TEST_CASE("a query's parameters") {
  const auto query = wire::query::parse("a=1&b=x%26y+z&&c&a=2&d==");
  REQUIRE(query);
  CHECK(*query->find("a") == "1");
  CHECK(query->all("a") == std::vector<std::string>{"1", "2"});
  CHECK(*query->find("b") == "x&y z");
  CHECK(query->find("c")->empty());
  CHECK(*query->find("d") == "=");
  CHECK(query->find("e") == nullptr);
}

TEST_CASE("a query that is no text is refused") {
  for (const char* text : {"a=%", "a=%ff", "%00=1", "a=%ed%a0%80"}) {
    CAPTURE(text);
    CHECK(wire::query::parse(text).error().code == errc::invalid_parameter);
  }
}
