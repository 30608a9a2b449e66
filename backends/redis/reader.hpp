#pragma once

#include <memory>

#include "backends/redis/connection.hpp"
#include "backends/redis/layout.hpp"
#include "backends/store.hpp"

namespace keelson::backends::redis {

/// A session that reads. A get sees one point; a scan reads keys first and documents after them, so
/// its two points differ when somebody writes meanwhile. A scan over all collections that begins at
/// the beginning, and those that go on from it, also give the documents that no index names.
[[nodiscard]] std::unique_ptr<store_reader> new_reader(std::shared_ptr<store> keep, layout names,
                                                       connection server, store_role role);

/// The same of a primary, which also reads its log.
[[nodiscard]] std::unique_ptr<primary_reader> new_primary_reader(std::shared_ptr<store> keep,
                                                                 layout names, connection server);

}  // namespace keelson::backends::redis
