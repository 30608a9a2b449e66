#include "actors/validator/judgement.hpp"

#include <catch2/catch.hpp>

namespace keelson::validator {

using backends::read_span;
using backends::store_point;

namespace {

const document_id id{collection_name::trusted("cities"), document_key::trusted("k")};

document made(std::uint64_t at, std::string value) {
  document d{.id = id, .version = {at}, .value = std::move(value)};
  d.hash = computed_hash(d);
  return d;
}

store_point point(std::uint64_t at, store_point::phase what = store_point::phase::applied) {
  return {.what = what, .at = {{"aaaaaaaa", {at}}, {}}};
}

judgement judged(const std::optional<document>& primary, std::uint64_t primary_at,
                 const std::optional<document>& secondary, const read_span& at) {
  return judge(
      id,
      {.primary = primary, .primary_at = {primary_at}, .secondary = secondary, .secondary_at = at});
}

}  // namespace

TEST_CASE("a document is judged by the secondary's point before its answer") {
  const read_span at_5{point(5), point(5)};
  CHECK(judged(made(5, "1"), 9, made(5, "1"), at_5).outcome == comparison::equal);
  CHECK(judged(std::nullopt, 9, std::nullopt, at_5).outcome == comparison::equal);
  CHECK(!judged(std::nullopt, 9, std::nullopt, at_5).counts());

  const auto behind = judged(made(6, "1"), 9, made(5, "1"), at_5);
  CHECK(behind.outcome == comparison::pending);
  CHECK(behind.needs == sequence{6});
  CHECK(judged(made(6, "1"), 9, made(5, "1"), {point(5), point(6)}).outcome == comparison::pending);
  const auto removed = judged(std::nullopt, 6, made(5, "1"), at_5);
  CHECK(removed.outcome == comparison::pending);
  CHECK(removed.needs == sequence{6});

  CHECK(judged(made(5, "1"), 9, std::nullopt, at_5).kind == difference_kind::missing);
  CHECK(judged(std::nullopt, 5, made(5, "1"), at_5).kind == difference_kind::surplus);
  CHECK(judged(made(5, "1"), 9, made(4, "1"), at_5).kind == difference_kind::stale);
  CHECK(judged(made(5, "1"), 9, made(5, "2"), at_5).kind == difference_kind::differing);
  CHECK(judged(made(5, "1"), 9, made(6, "1"), at_5).kind == difference_kind::differing);
}

TEST_CASE("hashes come from the bytes, not from what is stored beside them") {
  const read_span at_5{point(5), point(5)};
  auto lying = made(5, "2");
  lying.hash = made(5, "1").hash;
  CHECK(judged(made(5, "1"), 9, lying, at_5).kind == difference_kind::differing);
  auto only_the_hash = made(5, "1");
  only_the_hash.hash = {};
  CHECK(judged(made(5, "1"), 9, only_the_hash, at_5).outcome == comparison::equal);

  auto same_damage = made(5, "1");
  same_damage.value = "2";
  const auto corrupt = judged(same_damage, 9, same_damage, at_5);
  CHECK(corrupt.outcome == comparison::different);
  CHECK(corrupt.kind == difference_kind::corrupt);
}

TEST_CASE("a secondary that is empty or being rebuilt has not got that far") {
  using phase = store_point::phase;
  const auto same = made(5, "1");
  for (const auto what : {phase::empty, phase::rebuilding}) {
    CHECK(judged(same, 5, same, {point(9, what), point(9, what)}).outcome == comparison::pending);
    CHECK(judged(same, 5, same, {point(9), point(9, what)}).outcome == comparison::pending);
    CHECK(judged(same, 5, same, {point(9, what), point(9)}).outcome == comparison::pending);
    auto damaged = same;
    damaged.value = "2";
    CHECK(judged(damaged, 5, same, {point(9, what), point(9, what)}).kind ==
          difference_kind::corrupt);
  }
}

TEST_CASE("only the same again on the primary confirms a suspect") {
  const auto confirmed = confirmation::confirmed;
  const auto again = confirmation::written_meanwhile;
  const auto same = log_between::untouched;
  using kind = difference_kind;
  CHECK(confirm(kind::missing, made(5, "1"), made(5, "1"), same) == confirmed);
  CHECK(confirm(kind::stale, made(5, "1"), made(6, "1"), same) == again);
  CHECK(confirm(kind::differing, made(5, "1"), std::nullopt, same) == again);
  CHECK(confirm(kind::surplus, std::nullopt, std::nullopt, same) == confirmed);
  CHECK(confirm(kind::surplus, std::nullopt, std::nullopt, log_between::touched) == again);
  CHECK(confirm(kind::surplus, std::nullopt, made(6, "1"), same) == again);
  auto damaged = made(5, "1");
  damaged.value = "2";
  CHECK(confirm(kind::corrupt, damaged, damaged, same) == confirmed);
  CHECK(confirm(kind::corrupt, damaged, made(5, "1"), same) == again);
  CHECK(confirm(kind::missing, made(5, "1"), damaged, same) == again);
}

}  // namespace keelson::validator
