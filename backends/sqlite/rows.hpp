#pragma once

#include <string>
#include <string_view>

#include "backends/epochs_text.hpp"
#include "backends/sqlite/statement.hpp"
#include "backends/store.hpp"

/// Rows of the tables to model types and back. Each reader expects the columns, and each binder the
/// parameters, of the statement text beside it. A column that a later version adds is not named
/// here, and so is skipped.
namespace keelson::backends::sqlite {

inline constexpr const char* select_document =
    "SELECT version, time, hash, meta, value FROM documents WHERE collection = ?1 AND key = ?2";
inline constexpr const char* write_document =
    "INSERT OR REPLACE INTO documents (collection, key, version, time, hash, meta, value)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
inline constexpr const char* remove_document =
    "DELETE FROM documents WHERE collection = ?1 AND key = ?2";

/// The document `id` from the columns version, time, hash, meta, value, the first being `column`.
[[nodiscard]] result<document> read_document(const statement::use& row, int column, document_id id);

/// Writes or removes one document.
class document_writer {
 public:
  explicit document_writer(connection& db)
      : write_(db, write_document), remove_(db, remove_document) {}
  [[nodiscard]] result<void> apply(std::span<const row_view> rows);

 private:
  statement write_;
  statement remove_;
};

/// Looks documents up one by one.
class document_finder {
 public:
  explicit document_finder(connection& db) : find_(db, select_document) {}
  [[nodiscard]] result<std::vector<std::optional<document>>> find(std::span<const document_id> ids,
                                                                  std::size_t max_bytes);

 private:
  statement find_;
};

inline constexpr const char* select_meta =
    "SELECT log_id, epochs, last_sequence, chain, term, last_time, oldest, oldest_chain, documents,"
    " bytes, log_bytes FROM meta";
/// Parameters 12 and 13 are the last sequence and the term that the row must hold.
inline constexpr const char* update_meta =
    "UPDATE meta SET log_id = ?1, epochs = ?2, last_sequence = ?3, chain = ?4, term = ?5,"
    " last_time = ?6, oldest = ?7, oldest_chain = ?8, documents = ?9, bytes = ?10, log_bytes = ?11"
    " WHERE last_sequence = ?12 AND term = ?13";
[[nodiscard]] result<primary_meta> read_meta(statement& select);
/// `epochs` is epochs_text() of the same meta and has to stay as long as the use.
void bind_meta(statement::use& use, const primary_meta& meta, std::string_view epochs);
/// The epochs as text, oldest first: `k7f3q2m9:0 a2b4c6d7:4294967339`.

inline constexpr const char* select_applied =
    "SELECT phase, epoch, sequence, chain, copied_collection, copied_key, documents, bytes"
    " FROM applied";
/// Parameters 1 and 2 are the counts, 3 to 8 the next point, 9 to 14 the one expected.
inline constexpr const char* update_applied =
    "UPDATE applied SET documents = ?1, bytes = ?2, phase = ?3, epoch = ?4, sequence = ?5,"
    " chain = ?6, copied_collection = ?7, copied_key = ?8"
    " WHERE phase = ?9 AND epoch = ?10 AND sequence = ?11 AND chain = ?12"
    " AND copied_collection = ?13 AND copied_key = ?14";
[[nodiscard]] result<secondary_state> read_state(statement& select);
/// Binds six parameters, the first being `parameter`.
void bind_point(statement::use& use, int parameter, const store_point& point);

inline constexpr const char* select_log =
    "SELECT sequence, ends_commit, chain, time, collection, key, op, previous, bytes_before,"
    " hash_before, hash_after, meta, value, image_before, principal, request_id"
    " FROM log WHERE sequence > ?1 ORDER BY sequence";
inline constexpr const char* insert_log =
    "INSERT INTO log (sequence, ends_commit, chain, time, collection, key, op, previous,"
    " bytes_before, hash_before, hash_after, meta, value, image_before, principal, request_id)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)";
[[nodiscard]] result<log_record> read_record(const statement::use& row);
void bind_record(statement::use& use, const log_record& record);

}  // namespace keelson::backends::sqlite
