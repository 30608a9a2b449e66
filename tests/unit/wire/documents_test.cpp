#include "protocols/wire/documents.hpp"

#include <catch2/catch.hpp>

#include "protocols/wire/verify.hpp"

using namespace keelson;
using namespace keelson::messages;

namespace {

document make(std::string key, std::uint64_t version, std::string value) {
  return {.id = {collection_name::trusted("c"), document_key::trusted(std::move(key))},
          .version = {version},
          .value = std::move(value)};
}

const position at{"abcdefgh", {12}};

}  // namespace

TEST_CASE("receipts") {
  CHECK(wire::receipt_text(document_key::trusted("a\"b"), {write_effect::created, {12}}, at) ==
        R"({"key":"a\"b","version":12,"position":"abcdefgh:12"})");
  CHECK(wire::receipt_text(document_key::trusted("a"), {write_effect::removed, {}}, at) ==
        R"({"key":"a","version":null,"position":"abcdefgh:12"})");
  CHECK(wire::batch_receipt_text(
            {at, {{write_effect::created, {11}}, {write_effect::removed, {}}}}) ==
        R"({"position":"abcdefgh:12","results":[{"version":11},{"version":null}]})");
}

TEST_CASE("a page of a list") {
  list_page page{at, {make("a", 1, "1"), make("b", 2, "[]")}, 0};
  CHECK(wire::list_text(page, list_values::with) ==
        R"({"items":[{"key":"a","version":1,"value":1},{"key":"b","version":2,"value":[]}],)"
        R"("next":"b","position":"abcdefgh:12"})");
  page.at_end = 1;
  CHECK(wire::list_text(page, list_values::without) ==
        R"({"items":[{"key":"a","version":1},{"key":"b","version":2}],"position":"abcdefgh:12"})");
  CHECK(wire::list_text({at, {}, 1}, list_values::with) ==
        R"({"items":[],"position":"abcdefgh:12"})");
}

TEST_CASE("many documents, those that are missing apart") {
  const get_many_request asked{.keys = {document_key::trusted("a"), document_key::trusted("b")}};
  const get_many_reply found{at, {{0, {}}, {1, make("b", 2, "true")}}};
  CHECK(wire::get_many_text(asked, found) ==
        R"({"items":[{"key":"b","version":2,"value":true}],"missing":["a"],)"
        R"("position":"abcdefgh:12"})");
}

TEST_CASE("what a verification is asked and says") {
  CHECK(wire::parse_verify("")->secondary.empty());
  const auto asked = wire::parse_verify(R"({"collection":"c","secondary":"kv"})");
  REQUIRE(asked);
  CHECK(asked->secondary == "kv");
  CHECK(asked->collection == "c");
  for (const char* text :
       {"[]", R"({"store":"kv"})", R"({"secondary":1})", R"({"collection":"C"})"})
    CHECK_FALSE(wire::parse_verify(text));

  verify_report report{.id = "p1", .state = pass_state::different, .progress = 0.5};
  report.secondaries.push_back({.name = "kv",
                                .state = pass_state::different,
                                .from = at,
                                .counts = {.equal = 3, .different = 1},
                                .differences_total = 1});
  report.differences.push_back(
      {.secondary = "kv", .id = make("k", 1, "").id, .kind = "missing", .primary_version = {7}});
  CHECK(wire::verify_report_text(report) ==
        R"({"id":"p1","state":"different","progress":0.5,"secondaries":[{"name":"kv",)"
        R"("state":"different","from":"abcdefgh:12","to":null,"counts":{"equal":3,"pending":0,)"
        R"("different":1,"unknown":0},"differences_total":1}],"differences":[{"secondary":"kv",)"
        R"("collection":"c","key":"k","kind":"missing","primary_version":7,)"
        R"("secondary_version":null}]})");
  CHECK(wire::differences_text({report.differences, 0}, 10).ends_with(R"("next":11})"));
  CHECK(wire::differences_text({{}, 1}, 10) == R"({"differences":[]})");
  CHECK(wire::consistency_text({{{"kv", comparison::equal}, {"sq", comparison::unknown}}}) ==
        "kv=equal, sq=unknown");
}
