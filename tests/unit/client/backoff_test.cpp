#include "protocols/model/backoff.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using keelson::backoff;

TEST_CASE("a back-off doubles up to its longest time and stays within its half") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    backoff pause({.first = 100ms, .most = 1000ms}, seed);
    for (const auto limit : {100ms, 200ms, 400ms, 800ms, 1000ms, 1000ms, 1000ms}) {
      const auto drawn = pause.next();
      CHECK(drawn >= limit / 2);
      CHECK(drawn <= limit);
    }
  }
}

TEST_CASE("a back-off begins again after a success") {
  backoff pause({.first = 100ms, .most = 10000ms}, 7);
  for (int failure = 0; failure < 10; ++failure) static_cast<void>(pause.next());
  CHECK(pause.next() > 4000ms);
  pause.reset();
  CHECK(pause.next() <= 100ms);
}

TEST_CASE("clients that failed together do not come back together") {
  std::vector<std::chrono::milliseconds> first;
  for (std::uint64_t seed = 1; seed <= 50; ++seed)
    first.push_back(backoff({.first = 1000ms, .most = 1000ms}, seed).next());
  std::ranges::sort(first);
  first.erase(std::unique(first.begin(), first.end()), first.end());
  CHECK(first.size() > 25);
}
