#pragma once

#include <memory>

#include "backends/redis/connection.hpp"
#include "backends/redis/layout.hpp"
#include "backends/redis/redis_store.hpp"
#include "backends/store.hpp"

namespace keelson::backends::redis {

/// The session that writes a primary.
[[nodiscard]] std::unique_ptr<primary_session> new_primary(writing_turn turn, layout names,
                                                           connection server);

}  // namespace keelson::backends::redis
