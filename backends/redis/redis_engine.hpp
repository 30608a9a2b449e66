#pragma once

#include "backends/registry.hpp"

namespace keelson::backends::redis {

/// A store in a Redis server, also over TLS (`rediss:`); a secondary also behind sentinels.
[[nodiscard]] const engine& redis_engine();

}  // namespace keelson::backends::redis
