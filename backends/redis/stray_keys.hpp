#pragma once

#include <vector>

#include "backends/redis/connection.hpp"
#include "backends/redis/layout.hpp"

namespace keelson::backends::redis {

/// The documents under the prefix that no index names, sorted. Goes through all keys of the
/// database in small steps. too_large when there are more than a million of them.
[[nodiscard]] result<std::vector<document_id>> stray_keys(connection& server, const layout& names);

/// Names them in the indexes.
[[nodiscard]] result<void> index_keys(connection& server, const layout& names,
                                      const std::vector<document_id>& strays);

}  // namespace keelson::backends::redis
