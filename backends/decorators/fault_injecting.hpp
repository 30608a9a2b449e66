#pragma once

#include <memory>

#include "backends/decorators/fault_plan.hpp"
#include "backends/store.hpp"

namespace keelson::backends {

/// The same store, in which goes wrong what `plan` says at the time of each call. Sessions that
/// are open follow later changes of the plan too. For tests and simulations.
[[nodiscard]] std::shared_ptr<store> fault_injecting(std::shared_ptr<store> inner,
                                                     std::shared_ptr<fault_plan> plan);

}  // namespace keelson::backends
