#include "actors/replicator/doubt_watch.hpp"

#include <catch2/catch.hpp>

using namespace keelson;
using messages::pass_state;
using messages::verify_report;
using replicator::doubt_watch;
using question = replicator::doubt_watch::question;
using std::chrono::seconds;

namespace {

constexpr doubt_watch::time_point begin{std::chrono::hours(1)};

verify_report in(pass_state state) {
  return {.id = "v1", .state = state};
}

/// In doubt, with a pass under way, at `begin`.
doubt_watch comparing() {
  doubt_watch watch(seconds(1));
  watch.said("evicted");
  REQUIRE(watch.next(begin) == question::pass);
  watch.began(watch.asked(), std::string("v1"), begin);
  return watch;
}

}  // namespace

TEST_CASE("a store that is in no doubt needs nothing") {
  doubt_watch watch(seconds(1));
  watch.said("");
  CHECK(watch.next(begin) == question::none);
  CHECK_FALSE(watch.settled());
}

TEST_CASE("a question is asked once until it is answered, and then not at once again") {
  doubt_watch watch(seconds(1));
  watch.said("evicted");
  CHECK(watch.next(begin) == question::pass);
  CHECK(watch.next(begin + seconds(60)) == question::none);
  watch.began(watch.asked(), fail(errc::busy, "another pass"), begin);
  CHECK(watch.next(begin) == question::none);
  CHECK(watch.next(begin + seconds(1)) == question::pass);
}

TEST_CASE("a pass settles the doubt when it has compared everything, whatever it found") {
  auto watch = comparing();
  REQUIRE(watch.next(begin + seconds(1)) == question::report);
  watch.reported(watch.asked(), in(pass_state::running), begin + seconds(1));
  CHECK_FALSE(watch.settled());
  REQUIRE(watch.next(begin + seconds(2)) == question::report);
  watch.reported(watch.asked(), in(GENERATE(pass_state::equal, pass_state::different)),
                 begin + seconds(2));
  CHECK(watch.settled());
  CHECK(watch.next(begin + seconds(9)) == question::none);
  watch.forget();
  CHECK_FALSE(watch.settled());
  CHECK(watch.reason().empty());
}

TEST_CASE("a pass that was stopped, is incomplete or is forgotten is begun again") {
  auto watch = comparing();
  REQUIRE(watch.next(begin + seconds(1)) == question::report);
  SECTION("stopped") {
    watch.reported(watch.asked(), in(pass_state::stopped), begin + seconds(1));
  }
  SECTION("incomplete") {
    watch.reported(watch.asked(), in(pass_state::incomplete), begin + seconds(1));
  }
  SECTION("unknown") {
    watch.reported(watch.asked(), fail(errc::not_found, "no such pass"), begin + seconds(1));
  }
  CHECK_FALSE(watch.settled());
  CHECK(watch.next(begin + seconds(2)) == question::pass);
}

TEST_CASE("an answer to what was asked for an earlier doubt is void") {
  auto watch = comparing();
  REQUIRE(watch.next(begin + seconds(1)) == question::report);
  const auto before = watch.asked();
  watch.forget();
  watch.said("started anew");
  REQUIRE(watch.next(begin + seconds(2)) == question::pass);
  watch.reported(before, in(pass_state::equal), begin + seconds(2));
  CHECK_FALSE(watch.settled());
  watch.began(watch.asked(), std::string("v2"), begin + seconds(2));
  CHECK(watch.pass() == "v2");
}
