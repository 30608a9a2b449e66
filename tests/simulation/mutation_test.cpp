#include <string>

#include <catch2/catch.hpp>

#include "tests/simulation/service_checks.hpp"

using namespace keelson;
using namespace keelson::test;

namespace {

constexpr std::uint64_t most_seeds = 20;

/// What the first seed that finds something finds; nothing if none does.
std::string finding_of(mutation made_wrong) {
  death_counts died;
  for (std::uint64_t seed = 1; seed <= most_seeds; ++seed) {
    const auto found = run_simulation(seed, {}, died, made_wrong);
    if (found.empty()) continue;
    return "seed " + std::to_string(seed) + ": " + found.all().front();
  }
  return {};
}

}  // namespace

TEST_CASE("the simulation finds whatever is made wrong on purpose") {
  for (std::size_t i = 1; i < mutation_words.size(); ++i) {
    INFO("mutation: " << mutation_words.at(i));
    const auto found = finding_of(static_cast<mutation>(i));
    INFO(found);
    CHECK(!found.empty());
  }
}
