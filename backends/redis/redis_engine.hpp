#pragma once

#include "backends/registry.hpp"

namespace keelson::backends::redis {

/// A secondary in a Redis server, also over TLS (`rediss:`) and behind sentinels.
[[nodiscard]] const engine& redis_engine();

}  // namespace keelson::backends::redis
