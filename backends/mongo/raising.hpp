#pragma once

#include <cstdint>

#include "backends/commit_record/record_engine.hpp"
#include "backends/mongo/connection.hpp"

/// What writes to our collections, each call one command.
namespace keelson::backends::mongo {

/// False if the `_id` is taken. Journaled when it returns.
[[nodiscard]] result<bool> insert_row(const database& at, const char* collection,
                                      const bson_doc& row);
/// Of a row that is there.
[[nodiscard]] result<void> replace_row(const database& at, const char* collection,
                                       const bson_doc& which, const bson_doc& row);
[[nodiscard]] result<void> mark_complete(const database& at, std::uint64_t number);
/// Removes the rows whose `member` is a number below `limit`.
[[nodiscard]] result<void> remove_below(const database& at, const char* collection,
                                        const char* member, std::uint64_t limit);
/// Writes each row unless what is stored bears the same number or a higher one.
[[nodiscard]] result<void> raise_rows(const database& at, const commit_record::raised_rows& rows);
/// Those that seek() and sweep() need.
[[nodiscard]] result<void> make_indexes(const database& at);

}  // namespace keelson::backends::mongo
