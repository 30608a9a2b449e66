#include "protocols/model/clock.hpp"

#include <catch2/catch.hpp>

using namespace keelson;

namespace {

constexpr std::int64_t hour = 3'600'000'000;

/// A wall clock that may be set, and the time that really passes.
struct two_clocks {
  std::int64_t wall = 1'700'000'000'000'000;
  std::int64_t elapsed = 77;

  void pass(std::int64_t microseconds) {
    wall += microseconds;
    elapsed += microseconds;
  }
};

}  // namespace

TEST_CASE("ages follow the wall clock, but not where it is set forward") {
  two_clocks clocks;
  const auto ages =
      ageing_clock([&] { return timestamp{clocks.wall}; }, [&] { return clocks.elapsed; });
  const auto start = clocks.wall;
  CHECK(ages().microseconds == start);
  clocks.pass(5 * hour);
  CHECK(ages().microseconds == start + 5 * hour);
  clocks.wall += 30 * hour;
  CHECK(ages().microseconds == start + 5 * hour);
  clocks.pass(hour);
  CHECK(ages().microseconds == start + 6 * hour);
  clocks.wall -= 30 * hour;
  CHECK(ages().microseconds == start + 6 * hour);
  clocks.wall -= 2 * hour;
  CHECK(ages().microseconds == start + 4 * hour);
  clocks.pass(hour);
  CHECK(ages().microseconds == start + 5 * hour);
}

TEST_CASE("times of changes and dates of HTTP as texts") {
  std::string text;
  append_rfc3339(text, {-1});
  CHECK(text == "1969-12-31T23:59:59.999999Z");
  text.clear();
  append_rfc3339(text, {1'769'850'000'123'456});
  CHECK(text == "2026-01-31T09:00:00.123456Z");
  CHECK(http_date({1'769'850'000'999'999}) == "Sat, 31 Jan 2026 09:00:00 GMT");
  CHECK(http_date({-1}) == "Wed, 31 Dec 1969 23:59:59 GMT");
}
