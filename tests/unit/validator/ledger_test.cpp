#include "actors/validator/ledger.hpp"

#include <catch2/catch.hpp>

namespace keelson::validator {

namespace {

document_id id_of(std::string key) {
  return {collection_name::trusted("cities"), document_key::trusted(std::move(key))};
}

judgement judged(const std::string& key, comparison outcome,
                 difference_kind kind = difference_kind::missing) {
  return {.id = id_of(key), .outcome = outcome, .kind = kind, .primary_version = {7}};
}

}  // namespace

TEST_CASE("a difference opens once, keeps when it was found, and closes when it is gone") {
  ledger book(100);
  CHECK(book.take("kv", judged("a", comparison::different), 1, 2, {1000}));
  CHECK_FALSE(
      book.take("kv", judged("a", comparison::different, difference_kind::stale), 3, 4, {2000}));
  CHECK(book.take("other", judged("a", comparison::different), 5, 6, {3000}));
  REQUIRE(book.open_total() == 2);
  CHECK(book.open_on("kv") == 1);
  CHECK(book.oldest(10).front().kind == "stale");
  CHECK(book.oldest(10).front().found == timestamp{1000});
  CHECK(book.oldest_on("other") == timestamp{3000});

  CHECK_FALSE(book.take("kv", judged("a", comparison::pending), 7, 8, {4000}));
  CHECK_FALSE(book.take("kv", judged("a", comparison::unknown), 7, 8, {4000}));
  CHECK(book.open_on("kv") == 1);
  CHECK_FALSE(book.take("kv", judged("a", comparison::equal), 9, 10, {5000}));
  CHECK(book.open_on("kv") == 0);
  CHECK(book.oldest_on("kv") == std::nullopt);
  CHECK(book.take("kv", judged("a", comparison::different), 11, 12, {6000}));
  CHECK(book.oldest(10).back().found == timestamp{6000});
}

TEST_CASE("a look that began before a difference was found does not close it") {
  ledger book(100);
  CHECK(book.take("kv", judged("a", comparison::different), 2, 3, {1}));
  CHECK_FALSE(book.take("kv", judged("a", comparison::equal), 1, 4, {1}));
  book.settle("kv", {}, {}, 1);
  CHECK(book.open_total() == 1);
  book.settle("kv", {}, {}, 5);
  CHECK(book.open_total() == 0);
}

TEST_CASE("a piece that was compared whole closes what it found equal, and no more") {
  ledger book(100);
  for (const auto* key : {"a", "b", "c", "d", "e"}) {
    CHECK(book.take("kv", judged(key, comparison::different), 1, 2, {1}));
    CHECK(book.take("other", judged(key, comparison::different), 1, 2, {1}));
  }
  CHECK_FALSE(book.take("kv", judged("c2", comparison::unknown), 1, 2, {1}));
  book.settle("kv", {.collection = "towns"}, {}, 3);
  CHECK(book.open_on("kv") == 5);
  book.settle("kv", {.after = id_of("a"), .until = id_of("d")}, {id_of("b")}, 3);
  CHECK(book.open_on("kv") == 3);  // a, b, e
  CHECK(book.open_on("other") == 5);
  CHECK(book.unknown_total() == 0);
}

TEST_CASE("an unknown document keeps its age until it is compared") {
  ledger book(100);
  CHECK_FALSE(book.take("kv", judged("a", comparison::unknown), 1, 2, {1000}));
  CHECK_FALSE(book.take("kv", judged("a", comparison::unknown), 3, 4, {2000}));
  CHECK_FALSE(book.take("kv", judged("b", comparison::unknown), 3, 4, {2000}));
  CHECK(book.unknown_total() == 2);
  CHECK(book.unknown_since() == timestamp{1000});
  CHECK_FALSE(book.take("kv", judged("a", comparison::equal), 5, 6, {3000}));
  CHECK(book.unknown_since() == timestamp{2000});
}

TEST_CASE("the ledger keeps no more than its bound") {
  ledger book(2);
  CHECK(book.take("kv", judged("a", comparison::different), 1, 2, {1}));
  CHECK(book.take("kv", judged("b", comparison::different), 1, 2, {1}));
  CHECK_FALSE(book.take("kv", judged("c", comparison::different), 1, 2, {1}));
  CHECK(book.open_total() == 2);
}

}  // namespace keelson::validator
