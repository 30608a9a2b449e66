#include "protocols/wire/batch.hpp"

#include <catch2/catch.hpp>

using namespace keelson;
using namespace keelson::messages;

namespace {

const wire::content_limits limits;

error refusal(std::string_view operations) {
  const auto parsed =
      wire::parse_batch("{\"operations\":[" + std::string(operations) + "]}", limits);
  REQUIRE_FALSE(parsed);
  return parsed.error();
}

}  // namespace

TEST_CASE("a batch keeps values to the letter of the canonical form") {
  const auto batch = wire::parse_batch(R"({"operations":[
      {"op":"put","collection":"a","key":"k\u0041","value":{"z":1.0,"a":18446744073709551615}},
      {"op":"patch","collection":"a","key":"k","value":{"x":null},"if_version":7},
      {"op":"delete","collection":"b","key":"k"},
      {"op":"delete","collection":"b","key":"k","if_version":3},
      {"op":"check","collection":"b","key":"k2","if_version":0}]})",
                                       limits);
  REQUIRE(batch);
  const auto& operations = batch->operations;
  REQUIRE(operations.size() == 5);
  CHECK(operations[0].op == write_op::put);
  CHECK(operations[0].id.key.text() == "kA");
  CHECK(operations[0].value == R"({"a":18446744073709551615,"z":1})");
  CHECK(operations[0].value_hash == hash_value(operations[0].value));
  CHECK(operations[0].condition == precondition::none);
  CHECK(operations[1].condition == precondition::version_is);
  CHECK(operations[1].expected == version{7});
  CHECK(operations[2].if_unmet == unmet::skip);
  CHECK(operations[3].if_unmet == unmet::fail);
  CHECK(operations[4].condition == precondition::missing);
}

TEST_CASE("an operation that is not of the contract is refused with its index") {
  const std::string good = R"({"op":"delete","collection":"a","key":"k"},)";
  const std::pair<const char*, errc> bad[] = {
      {R"({"op":"upsert","collection":"a","key":"k"})", errc::invalid_parameter},
      {R"({"op":"put","collection":"a","key":"k"})", errc::invalid_parameter},
      {R"({"op":"delete","collection":"a","key":"k","value":1})", errc::invalid_parameter},
      {R"({"op":"check","collection":"a","key":"k"})", errc::invalid_parameter},
      {R"({"op":"put","collection":"a","key":"k","value":1,"ifversion":1})",
       errc::invalid_parameter},
      {R"({"op":"put","collection":"a","key":"k","value":1,"if_version":-1})",
       errc::invalid_parameter},
      {R"({"op":"put","collection":"a","key":"k","value":1,"if_version":1.5})",
       errc::invalid_parameter},
      {R"({"op":"put","collection":"A","key":"k","value":1})", errc::invalid_collection},
      {R"({"op":"put","collection":"a","key":"","value":1})", errc::invalid_key},
      {R"({"op":"put","collection":"a","key":1,"value":1})", errc::invalid_parameter},
      {"1", errc::invalid_parameter}};
  for (const auto& [text, code] : bad) {
    CAPTURE(text);
    const error why = refusal(good + text);
    CHECK(why.code == code);
    CHECK(why.index == 1);
  }
}

TEST_CASE("a batch has bounds") {
  std::string many = R"({"op":"delete","collection":"a","key":"k"})";
  for (int i = 0; i < 1000; ++i) many += R"(,{"op":"delete","collection":"a","key":"k"})";
  CHECK(refusal(many).code == errc::too_large);
  CHECK(refusal("").code == errc::invalid_parameter);
  const std::string deep = std::string(65, '[') + std::string(65, ']');
  const std::string put = R"({"op":"put","collection":"a","key":"k","value":)";
  CHECK(refusal(put + deep + "}").code == errc::too_large);
  const error why = refusal(put + '"' + std::string(limits.value, 'x') + "\"}");
  CHECK(why.code == errc::too_large);
  CHECK(why.index == 0);
  CHECK(wire::parse_batch("{}", limits).error().code == errc::invalid_parameter);
  CHECK(wire::parse_batch("", limits).error().code == errc::invalid_json);
}

TEST_CASE("many keys of one collection") {
  const auto asked = wire::parse_get_many(R"({"keys":["b","a"],"collection":"c"})", limits);
  REQUIRE(asked);
  CHECK(asked->collection.text() == "c");
  REQUIRE(asked->keys.size() == 2);
  CHECK(asked->keys[0].text() == "b");
  CHECK(wire::parse_get_many(R"({"collection":"c","keys":["a",""]})", limits).error().index == 1);
  for (const char* text : {R"({"collection":"c"})", R"({"collection":"c","keys":{}})",
                           R"({"collection":"c","keys":[1]})", "[]"}) {
    CHECK_FALSE(wire::parse_get_many(text, limits));
  }
}
