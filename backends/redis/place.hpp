#pragma once

#include <string_view>

#include "backends/redis/connection.hpp"
#include "backends/redis/layout.hpp"
#include "backends/redis/server_facts.hpp"
#include "backends/store.hpp"

namespace keelson::backends::redis {

/// What lies under the prefix. Writes nothing.
[[nodiscard]] result<place> look(connection& server, const layout& names);

/// Marks what is empty, or gives what is ours another owner: then a secondary is empty, and what
/// lies there counts as surplus; a primary keeps its log and begins it if it is new. Fails with
/// unavailable if it is no longer as it was `found`.
[[nodiscard]] result<void> mark(connection& server, const layout& names, const place& found,
                                const ownership& owner, const witness& seen,
                                std::string_view first_epoch);

}  // namespace keelson::backends::redis
