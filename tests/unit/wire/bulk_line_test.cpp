#include "protocols/wire/bulk_line.hpp"

#include <catch2/catch.hpp>

using namespace keelson;
using namespace keelson::messages;

namespace {

const wire::content_limits limits;

wire::bulk_form form(std::string key_field = {}, unmet if_present = unmet::fail) {
  return {collection_name::trusted("c"), std::move(key_field), if_present};
}

}  // namespace

TEST_CASE("a line with key and value") {
  const auto line = wire::parse_bulk_line(R"({"value": {"b":1,"a":2}, "key":"k"})", form(), limits);
  REQUIRE(line);
  CHECK(line->id.key.text() == "k");
  CHECK(line->value == R"({"a":2,"b":1})");
  CHECK(line->value_hash == hash_value(line->value));
  CHECK(line->condition == precondition::none);
}

TEST_CASE("a line whose key is one of its members") {
  const auto line = wire::parse_bulk_line(R"({"name":"x","id":2988507})", form("id"), limits);
  REQUIRE(line);
  CHECK(line->id.key.text() == "2988507");
  CHECK(line->value == R"({"id":2988507,"name":"x"})");
  CHECK(wire::parse_bulk_line(R"({"i\"d":"q"})", form("i\"d"), limits)->id.key.text() == "q");
}

TEST_CASE("lines that exist already may be skipped") {
  const auto line =
      wire::parse_bulk_line(R"({"key":"k","value":1})", form({}, unmet::skip), limits);
  REQUIRE(line);
  CHECK(line->condition == precondition::missing);
  CHECK(line->if_unmet == unmet::skip);
}

TEST_CASE("lines that are refused") {
  const auto code = [](std::string_view line, std::string key_field = {}) {
    return wire::parse_bulk_line(line, form(std::move(key_field)), limits).error().code;
  };
  CHECK(code("{") == errc::invalid_json);
  CHECK(code("[]") == errc::invalid_parameter);
  CHECK(code(R"({"key":"k"})") == errc::invalid_parameter);
  CHECK(code(R"({"key":"k","value":1,"more":2})") == errc::invalid_parameter);
  CHECK(code(R"({"key":1,"value":1})") == errc::invalid_key);
  CHECK(code(R"({"key":"","value":1})") == errc::invalid_key);
  CHECK(code(R"({"name":1})", "id") == errc::invalid_key);
  CHECK(code(R"({"id":1.5})", "id") == errc::invalid_key);
  CHECK(code(R"({"id":{}})", "id") == errc::invalid_key);
  const std::string large(limits.value, 'x');
  CHECK(code(R"({"key":"k","value":")" + large + "\"}") == errc::too_large);
}

TEST_CASE("the result of a load") {
  wire::bulk_result result{.written = 2, .skipped = 1, .failed_total = 1};
  result.failed.push_back({3, errc::store_io, "d"});
  CHECK(wire::bulk_result_text(result) ==
        R"({"written":2,"skipped":1,"failed_total":1,)"
        R"("failed":[{"line":3,"code":"unavailable","detail":"d"}],"position":null})");
  result.at = {"abcdefgh", {9}};
  CHECK(wire::bulk_result_text(result).ends_with(R"("position":"abcdefgh:9"})"));
}
