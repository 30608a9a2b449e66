#pragma once

#include <memory>

#include "backends/commit_record/record_engine.hpp"
#include "backends/mongo/connection.hpp"

namespace keelson::backends::mongo {

/// The records of a store in collections of MongoDB, as stored_rows.hpp lays them out. A record is
/// inserted with write concern majority and journal, which is the commit; what follows from it with
/// majority, so that a read sees it.
[[nodiscard]] std::shared_ptr<commit_record::record_engine> make_records(
    std::shared_ptr<database> at);

/// Whether the server says that it keeps what it has journaled: its storage engine is persistent.
/// One that does not say so is not taken to be durable.
[[nodiscard]] result<bool> keeps_what_it_journals(const database& at);

}  // namespace keelson::backends::mongo
