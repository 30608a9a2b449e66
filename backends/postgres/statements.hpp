#pragma once

#include "backends/postgres/connection.hpp"
#include "backends/store.hpp"

/// The statements of the sessions. Each is one round trip, and its columns are read, and its
/// parameters bound, by the functions named beside it. Nothing is found but by its full name.
namespace keelson::backends::postgres {

/// read_meta().
[[nodiscard]] const statement& select_meta();

/// The writer's read: of documents `place, version, time, hash, meta, value`, of system rows
/// `place, NULL, NULL, NULL, value, NULL`. Parameters: collections, keys; system keys.
[[nodiscard]] const statement& select_for_writer();

/// One row if the fence held, none if nothing was written. Parameters: those of bind_meta(), the
/// last sequence and the term that meta must hold, the documents to write, the records, then the
/// documents to remove and the system rows if there are any: what a group lacks would cost all the
/// same.
[[nodiscard]] const statement& commit_group(bool removes, bool system);

/// One row: whether the fence held, and whether anything was cut. Parameters: the most records, the
/// last sequence that may go, the last sequence and the term that meta must hold.
[[nodiscard]] const statement& trim_log();

/// read_state(). One row.
[[nodiscard]] const statement& select_applied();

/// One row if the store stood where it was expected. Parameters: documents and bytes, the next
/// point and the expected one by bind_point(), the documents to write, those to remove if there are
/// any.
[[nodiscard]] const statement& apply_rows(bool removes);

/// Has everything synced that was applied before: waits for a commit of its own.
[[nodiscard]] const statement& sync_applied();

/// What a reader of one role asks. Each row begins with where the store stands: the columns of
/// read_meta() or read_state(); then come those of read_document() or read_record(), NULL where
/// there is nothing.
struct reader_statements {
  statement point;  ///< only where the store stands
  /// Each found with its place in front. Parameters: collections, keys.
  statement get;
  /// The same with the bytes of all together in front of the place; without values if those pass
  /// the third parameter.
  statement get_within;
  /// In order, with how many the range had, of those that were looked at, in front, and the
  /// document's collection and key. Parameters: the ends of the range, one document more than is
  /// wanted, the most bytes.
  statement forward;
  statement backward;
  statement bare_forward;
  statement bare_backward;
};
[[nodiscard]] const reader_statements& statements_of(store_role role);
/// How many columns tell where a store of the role stands.
[[nodiscard]] constexpr int point_columns(store_role role) {
  return role == store_role::primary ? 11 : 8;
}

/// Records after the first parameter, in order, up to the first end of a commit at which there are
/// as many records as the second or as many bytes as the third says.
[[nodiscard]] const statement& select_log();

/// `oldest, oldest_chain, chain`, the last of the commit that ends at the parameter, or NULL.
[[nodiscard]] const statement& select_chain();

/// `key, value`. Parameters: the first key, the one behind the last, the most rows.
[[nodiscard]] const statement& select_system();

}  // namespace keelson::backends::postgres
