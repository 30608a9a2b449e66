#include "actors/store/retention.hpp"

#include <catch2/catch.hpp>

using namespace keelson;
using namespace keelson::store;

namespace {

constexpr std::int64_t second = 1'000'000;
constexpr retention_limits limits{
    .age_microseconds = 100 * second, .changes = 10, .bytes = 1'000'000};

/// A log of `count` records of ten bytes, one a second, of which each second one ends a commit.
struct old_log {
  backends::primary_meta meta;
  std::vector<log_record> records;

  explicit old_log(std::uint64_t count) {
    meta.epochs = {{"abcdefgh", {}, {}}};
    meta.last = {count};
    meta.log_bytes = 10 * count;
    for (std::uint64_t i = 1; i <= count; ++i) {
      log_record record{.at = {i}, .ends_commit = static_cast<std::uint8_t>(i % 2 == 0)};
      record.time = {static_cast<std::int64_t>(i) * second};
      record.value = "0123456789";
      records.push_back(std::move(record));
    }
  }
  [[nodiscard]] std::optional<sequence> bound(std::int64_t seconds, held_after held = {},
                                              const retention_limits& by = limits) const {
    return trim_bound(meta, records, {seconds * second}, by, held);
  }
};

}  // namespace

TEST_CASE("what is both old and beyond the number kept goes, up to a commit's end") {
  const old_log some(40);
  REQUIRE_FALSE(some.bound(40));
  REQUIRE(some.bound(112)->value == 10);  // record 11 is old too, but its commit is not
  REQUIRE(some.bound(100'000)->value == 30);
  REQUIRE(may_trim(some.meta, limits, {}));
  REQUIRE_FALSE(may_trim(old_log(10).meta, limits, {}));
}

TEST_CASE("the log is held for who still needs it") {
  const old_log some(40);
  REQUIRE(some.bound(100'000, sequence{20})->value == 20);
  REQUIRE(some.bound(100'000, sequence{21})->value == 20);
  REQUIRE_FALSE(some.bound(100'000, sequence{0}));
  REQUIRE_FALSE(may_trim(some.meta, limits, sequence{0}));
  REQUIRE(may_trim(some.meta, limits, sequence{1}));
}

TEST_CASE("a log beyond its bound in bytes is held for nobody") {
  const old_log some(40);
  retention_limits narrow = limits;
  narrow.bytes = 250;
  REQUIRE(some.bound(0, sequence{0}, narrow)->value == 14);  // 40 - 15 records are within it
  REQUIRE(may_trim(some.meta, narrow, sequence{0}));
}
