#pragma once

#include "backends/registry.hpp"

namespace keelson::backends::memory {

/// Stores in this process's memory, not durable. `memory:` is a new place at each opening,
/// `memory:NAME` one that lives as long as the process and may be opened any number of times.
[[nodiscard]] const engine& memory_engine();

}  // namespace keelson::backends::memory
