#pragma once

#include <cstdint>
#include <memory>

#include "backends/redis/connection.hpp"
#include "backends/redis/layout.hpp"
#include "backends/redis/redis_store.hpp"
#include "backends/store.hpp"

namespace keelson::backends::redis {

/// The session that writes a secondary.
[[nodiscard]] std::unique_ptr<secondary_session> new_secondary(writing_turn turn, layout names,
                                                               connection server,
                                                               std::uint32_t database);

}  // namespace keelson::backends::redis
