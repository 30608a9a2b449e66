#include <catch2/catch.hpp>

#include "backends/commit_record/batch_codec.hpp"
#include "tests/conformance/trial.hpp"
#include "tests/unit/commit_record/run.hpp"

using namespace keelson;
using namespace keelson::backends;
using namespace keelson::backends::commit_record;
using namespace keelson::conformance;

namespace {

std::string example_body() {
  const std::vector<log_record> records{
      {.at = {7}, .time = {-3}, .id = id_of("c", "a"), .value = "1", .request_id = "r"},
      {.at = {8},
       .ends_commit = 1,
       .id = id_of("c", "a"),
       .op = change_op::remove,
       .previous = {7}}};
  const document other{
      .id = id_of("d", "x"), .version = {3}, .time = {-9}, .meta = "m", .value = "2"};
  const std::vector rows{row_of(records[1]), row_of(other), removal_of(other.id)};
  const std::vector<system_write> system{
      {std::string("\x00k", 2), "v"}, {"empty", ""}, {"gone", std::nullopt}};
  return encode_body(rows, records, system);
}

}  // namespace

TEST_CASE("a body comes back with all that it was made of") {
  auto moved = must(decode_body(example_body()));
  const auto body = std::move(moved);
  REQUIRE(body.records.size() == 2);
  CHECK(body.records[0].time == timestamp{-3});
  CHECK(body.records[0].request_id == "r");
  CHECK(body.records[1].at == sequence{8});
  REQUIRE(body.rows.size() == 3);
  CHECK(body.rows[0].op == change_op::remove);
  CHECK(*body.rows[0].id == id_of("c", "a"));
  CHECK(body.rows[0].version == version{8});
  CHECK(body.rows[1].op == change_op::put);
  CHECK(body.rows[1].value == "2");
  CHECK(body.rows[1].meta == "m");
  CHECK(body.rows[1].time == timestamp{-9});
  CHECK(body.rows[2].op == change_op::remove);
  CHECK(*body.rows[2].id == id_of("d", "x"));
  REQUIRE(body.system.size() == 3);
  CHECK(body.system[0].key == std::string("\x00k", 2));
  CHECK(body.system[0].value == "v");
  CHECK(body.system[1].value == "");
  CHECK_FALSE(body.system[2].value);
  CHECK(must(decode_body(encode_body({}, {}, {}))).rows.empty());
}

TEST_CASE("a damaged body is said to be damaged") {
  const auto whole = example_body();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CHECK(code_of(decode_body(whole.substr(0, size))) == errc::store_corrupt);
  }
  auto other_format = whole;
  other_format[0] = 9;
  CHECK(code_of(decode_body(other_format)) == errc::store_mismatch);
  // A row that names a change which is not there.
  CHECK(code_of(decode_body(std::string("\x01\x06\x02\x00", 4))) == errc::store_corrupt);
}
