#include "actors/store/write_queue.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/store/planner_support.hpp"

using namespace keelson;
using keelson::store::parcel;
using keelson::store::write_queue;

namespace {

parcel make(std::uint64_t id, std::size_t requests, std::size_t bytes,
            messages::write_lane lane = messages::write_lane::interactive,
            std::int64_t deadline = 1000) {
  parcel made{.id = id, .deadline = deadline, .bytes = bytes};
  made.requests.resize(requests);
  for (auto& request : made.requests) request.lane = lane;
  return made;
}

std::vector<std::uint64_t> ids(const std::vector<parcel>& group) {
  std::vector<std::uint64_t> out;
  for (const auto& one : group) out.push_back(one.id);
  return out;
}

bool accepts(write_queue& queue, parcel one) {
  return queue.push(one);
}

constexpr auto bulk = messages::write_lane::bulk;

}  // namespace

TEST_CASE("a group takes whole parcels in their order up to its limits") {
  write_queue queue({.group_commits = 10, .group_bytes = 1000});
  for (std::uint64_t i = 1; i <= 4; ++i) REQUIRE(accepts(queue, make(i, 4, 10)));
  REQUIRE(ids(queue.take_group()) == std::vector<std::uint64_t>{1, 2});
  REQUIRE(ids(queue.take_group()) == std::vector<std::uint64_t>{3, 4});
  REQUIRE(queue.empty());
  REQUIRE(queue.bytes() == 0);
}

TEST_CASE("a parcel larger than a group goes alone") {
  write_queue queue({.group_commits = 2, .group_bytes = 10});
  REQUIRE(accepts(queue, make(1, 1, 50)));
  REQUIRE(accepts(queue, make(2, 1, 5)));
  REQUIRE(ids(queue.take_group()) == std::vector<std::uint64_t>{1});
  REQUIRE(ids(queue.take_group()) == std::vector<std::uint64_t>{2});
}

TEST_CASE("bulk takes at most half of a group while others wait, else all of it") {
  write_queue queue({.group_commits = 8, .group_bytes = 1000});
  for (std::uint64_t i = 1; i <= 10; ++i) REQUIRE(accepts(queue, make(i, 1, 1, bulk)));
  for (std::uint64_t i = 11; i <= 16; ++i) REQUIRE(accepts(queue, make(i, 1, 1)));
  REQUIRE(ids(queue.take_group()) == std::vector<std::uint64_t>{11, 12, 13, 14, 1, 2, 3, 4});
  REQUIRE(ids(queue.take_group()) == std::vector<std::uint64_t>{15, 16, 5, 6, 7, 8, 9, 10});
}

TEST_CASE("the bounds refuse what is too much and leave the parcel untouched") {
  write_queue queue({.commits = 3, .bytes = 100});
  REQUIRE(accepts(queue, make(1, 2, 60)));
  auto large = make(2, 1, 60);
  REQUIRE(!queue.push(large));
  REQUIRE(large.requests.size() == 1);
  REQUIRE(!accepts(queue, make(3, 2, 1)));
  REQUIRE(accepts(queue, make(4, 1, 40)));
  REQUIRE(queue.commits() == 3);
}

TEST_CASE("expired parcels leave both lanes, the others keep their order") {
  write_queue queue;
  REQUIRE(accepts(queue, make(1, 1, 1, messages::write_lane::interactive, 10)));
  REQUIRE(accepts(queue, make(2, 1, 1, messages::write_lane::interactive, 30)));
  REQUIRE(accepts(queue, make(3, 1, 1, bulk, 20)));
  REQUIRE(ids(queue.take_expired(20)) == std::vector<std::uint64_t>{1, 3});
  REQUIRE(queue.commits() == 1);
  REQUIRE(ids(queue.take_all()) == std::vector<std::uint64_t>{2});
}
