#include "backends/mongo/stored_rows.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace keelson;
using namespace keelson::backends;
using namespace keelson::backends::mongo;

namespace {

document example(std::string value) {
  document made{.id = {collection_name::trusted("cities"), document_key::trusted("Z\u00fcrich")},
                .version = {7},
                .time = {-12},
                .meta = std::string("m\x00\xff", 3),
                .value = std::move(value)};
  made.hash.bytes.fill(0xab);
  return made;
}

}  // namespace

TEST_CASE("a row keeps all of a document, and its value can be read") {
  const auto kept = example(R"({"name":"Z"})");
  bson_doc row;
  write_document(row, row_of(kept), 3);
  const auto found = read_document(bson_members(row.get()));
  REQUIRE(found);
  CHECK(*found == kept);
  bson_t value;
  REQUIRE(bson_members(row.get()).object("value", value));
  CHECK(bson_members(&value).text("name") == "Z");
  CHECK(bson_members(row.get()).number("record") == 3);
}

TEST_CASE("a value that BSON cannot hold is kept as text") {
  std::string many = "[1";  // an item takes eight times as much in BSON
  while (many.size() < (std::size_t{3} << 20)) many += ",1";
  many += ']';
  for (const auto& value : {std::string(200, '[') + std::string(200, ']'), many}) {
    const auto kept = example(value);
    REQUIRE(check_row(row_of(kept)));
    bson_doc row;
    write_document(row, row_of(kept), 3);
    CHECK(row.get()->len < largest_row);
    CHECK_FALSE(bson_members(row.get()).has("value"));
    const auto found = read_document(bson_members(row.get()));
    REQUIRE(found);
    CHECK((*found == kept));
  }
}

TEST_CASE("what is more than MongoDB takes is refused, and the limit is said") {
  const std::string large(largest_row, 'x');
  const auto row = check_row({.value = large});
  REQUIRE_FALSE(row);
  CHECK(row.error().code == errc::too_large);
  CHECK(row.error().detail.find("16 MiB") != std::string::npos);
  CHECK_FALSE(check_body(large));
  CHECK(check_body({large.data(), large.size() / 2}));
}

TEST_CASE("a removed document leaves a tombstone without a value") {
  const auto kept = example("1");
  bson_doc row;
  write_document(row, removal_of(kept.id), 9);
  CHECK(bson_members(row.get()).number("gone") == 9);
  CHECK_FALSE(bson_members(row.get()).has("value"));
  CHECK_FALSE(read_document(bson_members(row.get())));
}
