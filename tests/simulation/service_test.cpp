#include <cstdlib>
#include <string>

#include <catch2/catch.hpp>

#include "tests/simulation/service_checks.hpp"

using namespace keelson;
using namespace keelson::test;

namespace {

void run(std::uint64_t seed, upheavals what, death_counts& died) {
  INFO("KEELSON_SEED=" << seed);
  const auto found = run_simulation(seed, what, died);
  for (const auto& each : found.all()) UNSCOPED_INFO(each);
  REQUIRE(found.empty());
}

/// Those of the environment, or so many.
void run_seeds(std::uint64_t some, std::uint64_t many, upheavals what, death_counts& died) {
  if (const char* seed = std::getenv("KEELSON_SEED")) return run(std::stoull(seed), what, died);
  const bool full = std::getenv("KEELSON_FULL") != nullptr;
  for (std::uint64_t seed = 1; seed <= (full ? many : some); ++seed) run(seed, what, died);
}

}  // namespace

TEST_CASE("the whole service keeps its guarantees over stores that fail at random") {
  death_counts died;
  run_seeds(20, 1000, {.deaths = false, .restarts = false, .restores = false}, died);
}

TEST_CASE("workers that die at random lose nothing that was acknowledged") {
  death_counts died;
  run_seeds(20, 1000, {.deaths = true, .restarts = false, .restores = false}, died);
  if (std::getenv("KEELSON_SEED") != nullptr) return;
  CHECK(died.writers.Value() > 0);
  CHECK(died.readers.Value() > 0);
  CHECK(died.replicators.Value() > 0);
  CHECK(died.comparers.Value() > 0);
}

TEST_CASE("a process that stops or dies at random goes on where it was") {
  death_counts died;
  run_seeds(20, 1000, {.deaths = true, .restarts = true, .restores = false}, died);
}

TEST_CASE("an earlier copy of the primary is a new epoch, and everybody is told") {
  death_counts died;
  run_seeds(40, 2000, {}, died);
}
