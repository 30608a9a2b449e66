#include <catch2/catch.hpp>

#include "protocols/model/canonical_json.hpp"
#include "protocols/wire/canonical_slices.hpp"

using namespace keelson;

TEST_CASE("members and elements are slices of the text") {
  const auto members = wire::object_members(R"({"a":[1,{"b":"x,]"}],"c\"":null,"d":{}})");
  REQUIRE(members);
  REQUIRE(members->size() == 3);
  CHECK(members->at(0).name == "a");
  CHECK(members->at(0).value.text == R"([1,{"b":"x,]"}])");
  CHECK(members->at(0).value.depth == 2);
  CHECK(members->at(1).name == R"(c\")");
  CHECK(members->at(2).value.text == "{}");
  const auto elements = wire::array_elements(members->at(0).value.text);
  REQUIRE(elements);
  REQUIRE(elements->size() == 2);
  CHECK(elements->at(0).text == "1");
  CHECK(elements->at(1).text == R"({"b":"x,]"})");
}

TEST_CASE("empty containers, and what is none") {
  CHECK(wire::object_members("{}")->empty());
  CHECK(wire::array_elements("[]")->empty());
  CHECK_FALSE(wire::object_members("[]"));
  CHECK_FALSE(wire::array_elements("{}"));
  CHECK_FALSE(wire::array_elements("[1"));
  CHECK_FALSE(wire::string_value("1"));
}

TEST_CASE("a string's value is what it was made from") {
  std::string every;
  for (int i = 1; i < 128; ++i) every.push_back(static_cast<char>(i));
  every += "äß\u20ac\U0001F600";
  std::string text;
  append_json_string(text, every);
  CHECK(wire::string_value(text) == every);
}
