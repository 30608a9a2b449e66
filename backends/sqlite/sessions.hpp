#pragma once

#include <memory>

#include "backends/sqlite/connection.hpp"
#include "backends/sqlite/sqlite_store.hpp"
#include "backends/store.hpp"

namespace keelson::backends::sqlite {

/// The sessions that write, over a connection that was set up for it.
[[nodiscard]] std::unique_ptr<primary_session> new_primary_session(writing_turn turn,
                                                                   connection db);
[[nodiscard]] std::unique_ptr<secondary_session> new_secondary_session(writing_turn turn,
                                                                       connection db);

}  // namespace keelson::backends::sqlite
