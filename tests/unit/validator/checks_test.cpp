#include <catch2/catch.hpp>

#include "actors/patterns.hpp"
#include "actors/validator/check_lane.hpp"
#include "actors/validator/token_bucket.hpp"

namespace keelson::validator {

namespace {

queued_check check(std::string key, compare_ticket ticket = {}) {
  return {{collection_name::trusted("cities"), document_key::trusted(std::move(key))}, ticket};
}

}  // namespace

TEST_CASE("patterns know any run of bytes and any one byte") {
  using actors::matches;
  CHECK(matches("", ""));
  CHECK(matches("*", ""));
  CHECK(matches("*", "cities"));
  CHECK(matches("c*s", "cities"));
  CHECK(matches("*a*b*", "xaxxaxb"));
  CHECK(matches("c?ties", "cities"));
  CHECK(matches("**?", "c"));
  CHECK_FALSE(matches("?", ""));
  CHECK_FALSE(matches("", "c"));
  CHECK_FALSE(matches("c*z", "cities"));
  CHECK_FALSE(matches("cities?", "cities"));
  CHECK_FALSE(matches("city", "cities"));
  const std::vector<std::string> some{"a*", "?b"};
  CHECK(actors::matches_any(some, "ab"));
  CHECK(actors::matches_any(some, "bb"));
  CHECK_FALSE(actors::matches_any(some, "bc"));
  CHECK(actors::matches_any({}, "anything"));
}

TEST_CASE("the budget is a rate, and can be saved up for a second") {
  token_bucket budget(10);
  moment now{std::chrono::hours(1)};
  const auto taken = [&] {
    int count = 0;
    while (budget.take(now)) ++count;
    return count;
  };
  CHECK(taken() == 10);
  now += std::chrono::milliseconds(500);
  CHECK(taken() == 5);
  now += std::chrono::hours(1);
  CHECK(taken() == 10);
  token_bucket none(0);
  CHECK_FALSE(none.take(now + std::chrono::hours(1)));
}

TEST_CASE("a lane gives those first for whom somebody waits, one job at a time") {
  check_lane lane(3, 1);
  CHECK(lane.add(check("a")));
  CHECK(lane.add(check("b")));
  CHECK(lane.add(check("c")));
  CHECK_FALSE(lane.add(check("d")));
  CHECK(lane.add(check("w", 1)));
  CHECK_FALSE(lane.add(check("x", 2)));
  auto job = lane.begin(2);
  REQUIRE(job.size() == 2);
  CHECK(job[0].ticket == 1);
  CHECK(job[1].id.key.text() == "a");
  CHECK(lane.begin(2).empty());
  lane.end();
  CHECK(lane.size() == 2);
  CHECK(lane.begin(9).size() == 2);
  lane.end();
  CHECK(lane.begin(9).empty());
}

}  // namespace keelson::validator
