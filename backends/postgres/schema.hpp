#pragma once

#include <string_view>

#include "backends/postgres/connection.hpp"
#include "backends/store.hpp"

/// The tables of a store, all in the schema `keelson`, one store a database:
///
///     ownership  one row: whose store it is, the format number, the version of the tables
///     documents  collection, key, version, time, hash, meta, bytes (of the canonical value), value
///     meta       of a primary, one row: primary_meta
///     log        of a primary, a row a change, by sequence; values in canonical form, as text
///     system     of a primary: the service's own durable records
///     applied    of a secondary, one row: the point it stands at, and its counts
///
/// Texts compare by their UTF-8 bytes (collation "C"). Our unsigned numbers lie in bigint, so each
/// has to stay below 2^63.
namespace keelson::backends::postgres {

/// What lies in the schema. Writes nothing.
[[nodiscard]] result<place> read_mark(connection& over);

/// Makes the tables and the mark, in one transaction; store_foreign if tables are in the way.
[[nodiscard]] result<void> create_store(connection& over, const ownership& owner,
                                        std::string_view first_epoch);

/// Puts `owner`'s mark on a store of ours of the same role. A secondary then stands at no point.
[[nodiscard]] result<void> take_over(connection& over, const ownership& owner);

/// Brings tables that an earlier release made up to date, in one transaction; store_mismatch for
/// those of a later one. To be called under the lock of the database.
[[nodiscard]] result<void> migrate(connection& over, store_role role);

}  // namespace keelson::backends::postgres
