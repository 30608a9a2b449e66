#include <catch2/catch.hpp>

#include "tests/unit/replicator/one_replicator.hpp"

using namespace keelson;
using namespace keelson::test;
using backends::store_point;
using messages::component_state;
using replicator::consent;

namespace {

document made(const document_id& id, std::uint64_t version, std::string value) {
  document d{.id = id, .version = {version}, .time = {7}, .value = std::move(value)};
  d.hash = computed_hash(d);
  return d;
}

void write(secondary_place& place, const document& d) {
  const auto row = backends::row_of(d);
  place.scribble({&row, 1});
}

/// A secondary that stands at `primary`'s end with 100 documents, and a log that has gone on
/// beyond it and forgotten that point.
struct left_behind {
  primary_log primary;
  secondary_place place;
  std::vector<document_id> ids;

  left_behind() {
    for (int i = 0; i < 100; ++i) {
      ids.push_back(doc("a", std::to_string(1000 + i)));
      primary.put(ids.back(), std::to_string(i));
    }
    one_replicator replicator(primary, place);
    replicator.settle();
  }
  void forget() {
    primary.put(doc("z", "last"), "0");
    primary.put(doc("z", "last"), "1");
    primary.trim(100'000);
    primary.put(doc("z", "last"), "2");
  }
};

}  // namespace

TEST_CASE("a secondary that the log no longer reaches is rebuilt by itself") {
  left_behind world;
  // Superseded documents are what a rebuild is for, however many they are.
  for (const auto& id : world.ids) world.primary.put(id, "\"new\"");
  world.primary.remove(world.ids.front());
  world.forget();
  one_replicator replicator(world.primary, world.place);
  replicator.settle();
  CHECK(replicator.state() == component_state::live);
  check_equal(world.primary, world.place);
}

TEST_CASE("the breaker stops a rebuild before it has written anything") {
  left_behind world;
  for (std::size_t i = 0; i < 6; ++i) world.primary.remove(world.ids[i * 10]);
  world.forget();
  const auto before = world.place.documents();
  const auto state = world.place.state();
  one_replicator replicator(world.primary, world.place);
  replicator.settle();
  CHECK(replicator.state() == component_state::confirmation_required);
  CHECK(world.place.documents() == before);
  CHECK(world.place.state().point == state.point);

  SECTION("and asks again when it is only asked to rebuild") {
    const auto refused = replicator.core().rebuild(consent::limited);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::confirmation_required);
    replicator.settle();
    CHECK(world.place.documents() == before);
  }
  SECTION("until an operator agrees") {
    REQUIRE(replicator.core().rebuild(consent::confirmed));
    replicator.settle();
    CHECK(replicator.state() == component_state::live);
    check_equal(world.primary, world.place);
  }
  SECTION("also after a restart") {
    one_replicator again(world.primary, world.place);
    again.settle();
    CHECK(again.state() == component_state::confirmation_required);
    CHECK(world.place.documents() == before);
  }
}

TEST_CASE("five documents of a hundred do not trip the breaker") {
  left_behind world;
  for (std::size_t i = 0; i < 3; ++i) world.primary.remove(world.ids[i * 10]);
  world.forget();
  write(world.place, made(world.ids[5], 6, "\"tampered\""));
  write(world.place, made(doc("b", "surplus"), 3, "1"));
  one_replicator replicator(world.primary, world.place);
  replicator.settle();
  CHECK(replicator.state() == component_state::live);
  check_equal(world.primary, world.place);
}

TEST_CASE("content changed behind a right hash trips the breaker before it is overwritten") {
  left_behind world;
  world.forget();
  for (std::size_t i = 0; i < 6; ++i) {
    auto tampered = world.place.documents().at(world.ids[i]);
    tampered.value = "\"tampered\"";
    write(world.place, tampered);
  }
  one_replicator replicator(world.primary, world.place);
  replicator.settle();
  CHECK(replicator.state() == component_state::confirmation_required);
  CHECK(world.place.documents().at(world.ids[0]).value == "\"tampered\"");
  CHECK(world.place.state().point.what == store_point::phase::rebuilding);
  REQUIRE(replicator.core().rebuild(consent::confirmed));
  replicator.settle();
  check_equal(world.primary, world.place);
}

TEST_CASE("a version that the log has not reached is left alone until an operator agrees") {
  left_behind world;
  world.forget();
  write(world.place, made(world.ids[5], 1'000'000, "\"of another history\""));
  one_replicator replicator(world.primary, world.place);
  replicator.settle();
  CHECK(replicator.state() == component_state::confirmation_required);
  CHECK(world.place.documents().at(world.ids[5]).version.value == 1'000'000);
  REQUIRE(replicator.core().rebuild(consent::confirmed));
  replicator.settle();
  check_equal(world.primary, world.place);
}

TEST_CASE("a store on a lost branch gets no write before it is confirmed") {
  left_behind world;
  primary_log other;  // an earlier copy of the same log that went another way
  for (int i = 0; i < 90; ++i) other.put(world.ids[static_cast<std::size_t>(i)], std::to_string(i));
  other.begin_epoch("bbbbbbbb");
  other.put(doc("a", "other"), "1");
  const auto before = world.place.documents();
  const auto state = world.place.state();
  one_replicator replicator(other, world.place);
  replicator.settle();
  for (int i = 0; i < 5; ++i) {
    replicator.tell(other.put(doc("a", "other"), std::to_string(i)));
    replicator.pass(std::chrono::seconds(1));
    replicator.settle();
  }
  CHECK(replicator.state() == component_state::confirmation_required);
  CHECK(world.place.documents() == before);
  CHECK(world.place.state().point == state.point);
  REQUIRE_FALSE(replicator.core().rebuild(consent::limited));
  replicator.settle();
  CHECK(world.place.state().point == state.point);
  REQUIRE(replicator.core().rebuild(consent::confirmed));
  replicator.settle();
  CHECK(replicator.state() == component_state::live);
  check_equal(other, world.place);
}

TEST_CASE("an operator may have a sound secondary rebuilt") {
  left_behind world;
  one_replicator replicator(world.primary, world.place);
  replicator.settle();
  auto tampered = world.place.documents().at(world.ids[7]);
  tampered.value = "\"tampered\"";
  write(world.place, tampered);
  REQUIRE(replicator.core().rebuild(consent::limited));
  CHECK(replicator.state() == component_state::rebuilding);
  replicator.settle();
  CHECK(replicator.state() == component_state::live);
  check_equal(world.primary, world.place);
}

TEST_CASE("a rebuild resumes where the store says it was") {
  primary_log primary;
  for (int i = 0; i < 500; ++i) primary.put(doc("a", std::to_string(1000 + i)), "1");
  secondary_place place;
  const auto small = [](replicator::replicator_options& options) {
    options.worker.piece.documents = 20;
  };
  document_id copied;
  {
    one_replicator replicator(primary, place, small);
    for (int i = 0; i < 15; ++i) REQUIRE(replicator.step());
    CHECK(replicator.state() == component_state::rebuilding);
    REQUIRE(place.state().point.what == store_point::phase::rebuilding);
    copied = place.state().point.copied;
    REQUIRE(copied > document_id{});
  }
  one_replicator replicator(primary, place, small);
  for (int i = 0; i < 10; ++i) {
    REQUIRE(replicator.step());
    const auto point = place.state().point;
    CHECK((point.what == store_point::phase::applied || point.copied >= copied));
  }
  replicator.settle();
  check_equal(primary, place);
}

TEST_CASE("a half rebuilt store that the log no longer reaches begins again") {
  primary_log primary;
  for (int i = 0; i < 200; ++i) primary.put(doc("a", std::to_string(1000 + i)), "1");
  secondary_place place;
  const auto small = [](replicator::replicator_options& options) {
    options.worker.piece.documents = 20;
  };
  one_replicator replicator(primary, place, small);
  for (int i = 0; i < 8; ++i) REQUIRE(replicator.step());
  REQUIRE(place.state().point.copied > document_id{});
  for (int i = 0; i < 100; ++i) primary.put(doc("a", std::to_string(1000 + i)), "2");
  primary.trim(100'000);
  primary.put(doc("a", "1005"), "3");
  SECTION("while it runs") {}
  SECTION("after a restart") {
    one_replicator again(primary, place, small);
    again.settle();
    CHECK(again.state() == component_state::live);
    check_equal(primary, place);
    return;
  }
  replicator.settle();
  CHECK(replicator.state() == component_state::live);
  check_equal(primary, place);
}
