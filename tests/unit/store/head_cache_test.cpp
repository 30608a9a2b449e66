#include "actors/store/head_cache.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/store/planner_support.hpp"

using namespace keelson;
using namespace keelson::test;

namespace {

store::document_head head(std::uint64_t version) {
  return {.version = {version}, .hash = {}, .bytes = version * 10};
}

}  // namespace

TEST_CASE("the head cache gives back what was put last") {
  store::head_cache heads(100);
  REQUIRE(heads.find(id("a")) == nullptr);
  heads.put(id("a"), head(1));
  heads.put(id("a"), head(2));
  heads.put(id("a", "rivers"), head(3));
  REQUIRE(heads.find(id("a"))->version.value == 2);
  REQUIRE(heads.find(id("a"))->bytes == 20);
  REQUIRE(heads.find(id("a", "rivers"))->version.value == 3);
  heads.clear();
  REQUIRE(heads.find(id("a")) == nullptr);
}

TEST_CASE("the head cache never gives the head of another document or an older one") {
  constexpr std::size_t places = 64;
  store::head_cache heads(places);
  std::uint64_t version = 0;
  for (int round = 0; round < 5; ++round) {
    for (int key = 0; key < 1000; ++key) {
      const auto name = std::to_string(key % (round + 40));
      heads.put(id(name), head(++version));
      REQUIRE(heads.find(id(name))->version.value == version);
    }
  }
  for (int key = 0; key < 1000; ++key) heads.put(id(std::to_string(key)), head(++version));
  std::size_t known = 0;
  for (int key = 0; key < 1000; ++key) {
    const auto* const found = heads.find(id(std::to_string(key)));
    if (found == nullptr) continue;
    ++known;
    REQUIRE(found->version.value == version - 999 + static_cast<std::uint64_t>(key));
  }
  REQUIRE(known > 0);
  REQUIRE(known <= places);
}
