#pragma once

#include "tests/simulation/simulated_service.hpp"

namespace keelson::test {

/// Lets a simulation run its steps, heals it, and compares all that the service and its clients say
/// with what was committed. What breaks the simulation itself is found too.
[[nodiscard]] findings run_simulation(std::uint64_t seed, upheavals what, death_counts& died,
                                      mutation made_wrong = mutation::none);

}  // namespace keelson::test
