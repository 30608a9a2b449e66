#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "backends/sqlite/connection.hpp"
#include "backends/store.hpp"

/// The tables of a store, one file a store:
///
///     ownership  one row: whose store it is
///     documents  collection, key, version, time, hash, meta, value (canonical JSON as text)
///     meta       of a primary, one row: primary_meta
///     log        of a primary, a row a change, by sequence
///     system     of a primary: the service's own durable records
///     applied    of a secondary, one row: the point it stands at, and its counts
///
/// `PRAGMA application_id` marks the file as ours, `PRAGMA user_version` is the format number; both
/// are read before any table. Texts compare by their UTF-8 bytes (SQLite's BINARY collation). Our
/// unsigned numbers lie in signed 64-bit columns, so each has to stay below 2^63.
namespace keelson::backends::sqlite {

/// "KeeL" as PRAGMA application_id gives it.
inline constexpr std::int64_t application_id = 0x4B65654C;

/// Makes a new store, whole or not at all: under another name first, renamed when it is durable.
[[nodiscard]] result<void> create_store(const std::filesystem::path& file, const ownership& owner,
                                        std::string_view first_epoch);

/// Puts `owner`'s mark on a database that has another mark or none. A secondary then stands at no
/// point. Fails with store_foreign, and changes nothing, when tables are in the way.
[[nodiscard]] result<void> adopt_store(const std::filesystem::path& file, const place& found,
                                       const ownership& owner, std::string_view first_epoch);

/// The mark of an opened database; foreign without one.
[[nodiscard]] result<place> read_mark(connection& db);

/// Switches to write-ahead logging; store_io where the file system does not let SQLite.
[[nodiscard]] result<void> use_write_ahead_log(connection& db);

}  // namespace keelson::backends::sqlite
