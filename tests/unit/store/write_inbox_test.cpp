#include "actors/store/write_inbox.hpp"

#include <catch2/catch.hpp>

using namespace keelson;
using keelson::store::parcel;
using keelson::store::write_inbox;

namespace {

write_inbox::pushed push(write_inbox& inbox, std::uint64_t id, std::size_t requests = 1,
                         std::int64_t deadline = 1000) {
  parcel made{.id = id, .deadline = deadline, .bytes = 10};
  made.requests.resize(requests);
  return inbox.push(made);
}

}  // namespace

TEST_CASE("only what comes while the worker rests says that it has to be told") {
  write_inbox inbox({});
  REQUIRE(push(inbox, 1) == write_inbox::pushed::first);
  REQUIRE(push(inbox, 2) == write_inbox::pushed::queued);
  REQUIRE(inbox.take_group(50).size() == 2);
  REQUIRE(push(inbox, 3) == write_inbox::pushed::queued);
  REQUIRE(inbox.take_group(60).size() == 1);
  REQUIRE(inbox.take_group(70).empty());
  REQUIRE(push(inbox, 4) == write_inbox::pushed::first);
}

TEST_CASE("a full inbox refuses and leaves the parcel as it was") {
  write_inbox inbox({.commits = 3});
  REQUIRE(push(inbox, 1, 2) == write_inbox::pushed::first);
  parcel too_much{.id = 2};
  too_much.requests.resize(2);
  REQUIRE(inbox.push(too_much) == write_inbox::pushed::full);
  REQUIRE(too_much.requests.size() == 2);
  REQUIRE(inbox.look().commits == 2);
}

TEST_CASE("it says since when a group is in hand") {
  write_inbox inbox({});
  REQUIRE_FALSE(inbox.look().busy_since);
  std::ignore = push(inbox, 1);
  REQUIRE_FALSE(inbox.look().busy_since);
  std::ignore = inbox.take_group(50);
  REQUIRE(inbox.look().busy_since == 50);
  std::ignore = inbox.take_group(60);
  REQUIRE_FALSE(inbox.look().busy_since);
}

TEST_CASE("what is taken out otherwise leaves the rest to the worker") {
  write_inbox inbox({});
  std::ignore = push(inbox, 1, 1, 100);
  std::ignore = push(inbox, 2, 1, 200);
  REQUIRE(inbox.take_expired(100).at(0).id == 1);
  REQUIRE(inbox.take_all().at(0).id == 2);
  REQUIRE(inbox.look().bytes == 0);
  REQUIRE(push(inbox, 3) == write_inbox::pushed::queued);  // it was told, and comes by
}
