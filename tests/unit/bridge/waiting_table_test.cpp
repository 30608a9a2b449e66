#include "protocols/bridge/waiting_table.hpp"

#include <catch2/catch.hpp>

using namespace keelson;
using bridge::ask_kind;
using namespace std::chrono_literals;

namespace {

struct table_in_use {
  bridge::admission places{10};
  bridge::waiting_table table{places};
  std::vector<result<int>> answers;
  bridge::waiting_table::time_point start{};

  std::uint64_t add(ask_kind kind, std::chrono::milliseconds until, std::size_t taken = 1) {
    for (std::size_t i = 0; i < taken; ++i) REQUIRE(places.enter());
    return table.add<int>([this](result<int> answer) { answers.push_back(std::move(answer)); },
                          {.kind = kind, .places = taken, .until = start + until});
  }
};

}  // namespace

TEST_CASE("an ask is answered once and gives its places back") {
  table_in_use use;
  const auto id = use.add(ask_kind::read, 100ms, 3);
  REQUIRE(use.places.inside() == 3);
  use.table.complete<int>(id, 7);
  use.table.complete<int>(id, 8);
  use.table.expire(use.start + 1h);
  use.table.fail_all();
  REQUIRE(use.answers.size() == 1);
  REQUIRE(use.answers[0] == 7);
  REQUIRE(use.places.inside() == 0);
}

TEST_CASE("what waits beyond its time is unavailable, or unknown if it may have taken effect") {
  table_in_use use;
  use.add(ask_kind::read, 100ms);
  use.add(ask_kind::write, 100ms);
  use.add(ask_kind::write, 200ms);
  use.table.expire(use.start + 99ms);
  REQUIRE(use.answers.empty());
  use.table.expire(use.start + 100ms);
  REQUIRE(use.answers.size() == 2);
  std::vector<errc> codes{use.answers[0].error().code, use.answers[1].error().code};
  REQUIRE(std::ranges::count(codes, errc::unavailable) == 1);
  REQUIRE(std::ranges::count(codes, errc::outcome_unknown) == 1);
  REQUIRE(use.places.inside() == 1);
}

TEST_CASE("an answer may ask again, also while all are given up") {
  table_in_use use;
  REQUIRE(use.places.enter());
  use.table.add<int>([&](result<int>) { use.add(ask_kind::read, 1ms); }, {.until = use.start});
  use.table.fail_all();
  REQUIRE(use.answers.size() == 1);
  REQUIRE(use.places.inside() == 0);
}
