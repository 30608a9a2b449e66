#pragma once

#include <memory>

#include "backends/sqlite/connection.hpp"
#include "backends/store.hpp"

namespace keelson::backends::sqlite {

/// Sessions that read. Each call is one transaction, and so one snapshot. `keep` stays open for as
/// long as the session lives.
[[nodiscard]] std::unique_ptr<primary_reader> new_primary_reader(std::shared_ptr<store> keep,
                                                                 connection db);
[[nodiscard]] std::unique_ptr<store_reader> new_secondary_reader(std::shared_ptr<store> keep,
                                                                 connection db);

}  // namespace keelson::backends::sqlite
