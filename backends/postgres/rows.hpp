#pragma once

#include <string>
#include <vector>

#include "backends/epochs_text.hpp"
#include "backends/postgres/answer.hpp"
#include "backends/postgres/parameters.hpp"
#include "backends/store.hpp"

/// Columns of answers to model types, and model types to parameters. `column` is the first.
namespace keelson::backends::postgres {

/// Eleven columns: log_id, epochs, last_sequence, chain, term, last_time, oldest, oldest_chain,
/// documents, bytes, log_bytes. store_corrupt without a row.
[[nodiscard]] result<primary_meta> read_meta(const answer& from);
/// The same eleven as parameters. `epochs` is epochs_text() of the same meta.
void bind_meta(parameters& to, const primary_meta& meta, std::string_view epochs);
/// The epochs as text, oldest first, each `name:base:chain`, separated by spaces.

/// Eight columns: phase, epoch, sequence, chain, copied_collection, copied_key, documents, bytes.
[[nodiscard]] result<secondary_state> read_state(const answer& from);
/// The first six of them as parameters.
void bind_point(parameters& to, const store_point& point);

/// Where a store stands, from the first row.
[[nodiscard]] result<store_point> read_point(const answer& from, store_role role);

/// version, time, hash, meta, value.
[[nodiscard]] result<document> read_document(const answer& from, int row, int column,
                                             document_id id);

/// The sixteen columns of the table log.
[[nodiscard]] result<log_record> read_record(const answer& from, int row, int column);

}  // namespace keelson::backends::postgres
