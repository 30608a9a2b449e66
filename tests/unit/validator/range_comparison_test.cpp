#include "actors/validator/range_comparison.hpp"

#include <catch2/catch.hpp>

namespace keelson::validator {

namespace {

document_id id_of(std::uint64_t key) {
  return {collection_name::trusted("cities"), document_key::trusted(std::to_string(100 + key))};
}

range_entry entry(std::uint64_t key, std::uint64_t at) {
  document d{.id = id_of(key), .version = {at}, .value = "1"};
  d.hash = computed_hash(d);
  return entry_of(d);
}

log_move put(std::uint64_t at, const range_entry& before, const range_entry& after) {
  return {{at}, after.id, before.hash, after.hash};
}
log_move remove(std::uint64_t at, const range_entry& before) {
  return {{at}, before.id, before.hash, {}};
}
log_move create(std::uint64_t at, const range_entry& after) {
  return {{at}, after.id, {}, after.hash};
}

range_side side(std::vector<range_entry> entries, std::uint64_t before, std::uint64_t after) {
  return {.entries = std::move(entries), .before = {before}, .after = {after}};
}

}  // namespace

TEST_CASE("the log moves an earlier primary to the later position; a secondary has to get there") {
  // 1 is rewritten, 2 removed, 3 created; 4 created and removed; 0 rests.
  const auto earlier = side({entry(0, 1), entry(1, 2), entry(2, 3)}, 3, 3);
  const auto later = side({entry(0, 1), entry(1, 4), entry(3, 6)}, 8, 8);
  const std::vector moves{put(4, entry(1, 2), entry(1, 4)), remove(5, entry(2, 3)),
                          create(6, entry(3, 6)), create(7, entry(4, 7)), remove(8, entry(4, 7))};
  const auto compared = compare_range(earlier, later, moves);
  CHECK(compared.equal == 3);
  CHECK(compared.suspects.empty());
  const auto lagging = compare_range(later, earlier, moves);
  CHECK(lagging.equal == 1);
  CHECK(lagging.suspects == std::vector{id_of(1), id_of(2), id_of(3), id_of(4)});
  const auto without_log = compare_range(earlier, later, {});
  CHECK(without_log.equal == 1);
  CHECK(without_log.suspects == std::vector{id_of(1), id_of(2), id_of(3)});
}

TEST_CASE("an unequal range is bisected to its keys") {
  range_side primary{.before = {1}, .after = {1}};
  range_side secondary = primary;
  std::vector<document_id> expected;
  for (std::uint64_t key = 0; key < 500; ++key) {
    if (key % 7 != 0) primary.entries.push_back(entry(key, 1));
    if (key % 11 != 0) secondary.entries.push_back(entry(key, key % 13 == 0 ? 2 : 1));
    const bool here = key % 7 != 0;
    const bool there = key % 11 != 0;
    if (here != there || (here && key % 13 == 0)) expected.push_back(id_of(key));
  }
  const auto compared = compare_range(primary, secondary, {});
  CHECK(compared.suspects == expected);
  CHECK(compared.equal + expected.size() + 500 / 77 + 1 == 500);
}

TEST_CASE("what the log touched while a side was read leaves both sums") {
  // Read without a snapshot between 3 and 5: key 1, written at 4, may be in the answer or not.
  for (const auto version : {2, 4}) {
    const auto primary = side({entry(0, 1), entry(1, 4)}, 5, 5);
    const auto secondary = side({entry(0, 1), entry(1, static_cast<std::uint64_t>(version))}, 3, 5);
    const std::vector moves{put(4, entry(1, 2), entry(1, 4))};
    const auto compared = compare_range(primary, secondary, moves);
    CHECK(compared.equal == 1);
    CHECK(compared.suspects == std::vector{id_of(1)});
  }
}

TEST_CASE("a primary document that does not match its own hash is a suspect, also if both agree") {
  auto bad = entry(1, 2);
  bad.stored_hash = {};
  const auto compared =
      compare_range(side({entry(0, 1), bad}, 2, 2), side({entry(0, 1), entry(1, 2)}, 2, 2), {});
  CHECK(compared.equal == 1);
  CHECK(compared.suspects == std::vector{id_of(1)});
}

TEST_CASE("two empty ranges are equal") {
  const auto compared = compare_range({}, {}, {});
  CHECK(compared.equal == 0);
  CHECK(compared.suspects.empty());
}

}  // namespace keelson::validator
