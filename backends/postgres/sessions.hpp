#pragma once

#include <memory>

#include "backends/postgres/connection.hpp"
#include "backends/postgres/lasting_connection.hpp"
#include "backends/postgres/postgres_store.hpp"
#include "backends/store.hpp"

namespace keelson::backends::postgres {

[[nodiscard]] std::unique_ptr<primary_session> new_primary_session(writing_turn turn,
                                                                   connection over);
[[nodiscard]] std::unique_ptr<secondary_session> new_secondary_session(writing_turn turn,
                                                                       connection over);
/// `keep` stays open for as long as the reader lives.
[[nodiscard]] std::unique_ptr<primary_reader> new_primary_reader(std::shared_ptr<store> keep,
                                                                 lasting_connection over);
[[nodiscard]] std::unique_ptr<store_reader> new_secondary_reader(std::shared_ptr<store> keep,
                                                                 lasting_connection over);

}  // namespace keelson::backends::postgres
