#pragma once

#include <chrono>
#include <string>
#include <vector>

#include <caf/fwd.hpp>

#include "actors/contracts.hpp"

namespace keelson::system {

/// Actors that are stopped together, within one deadline.
struct stop_phase {
  std::string name;
  std::vector<actors::stoppable> members;
  std::chrono::milliseconds deadline{2000};
};

/// Stops the phases in their order from a thread that is no actor; a member that does not answer
/// within its phase's deadline is killed and left behind, since everything acknowledged is durable.
/// Returns the names of the phases that were not clean. Sends to nobody else; does not throw.
[[nodiscard]] std::vector<std::string> stop_in_phases(caf::actor_system& system,
                                                      const std::vector<stop_phase>& phases);

}  // namespace keelson::system
