#pragma once

#include <cstdint>

#include "backends/commit_record/record_engine.hpp"
#include "backends/mongo/bson_doc.hpp"

/// What lies in our collections of a database; `docs` of MongoDB's manual call them documents, here
/// they are rows, since a document is Keelson's.
///
///     keelson_documents  _id (identifiers.hpp), collection, key, record, version, time, hash,
///     meta,
///                        and `value` as BSON, or `text` where that cannot be; a tombstone has
///                        _id, collection, key, record and `gone`
///     keelson_system     _id (identifiers.hpp), record, and `value` (bytes) or `gone`
///     keelson_records    _id (the number), floor, last, state, complete, body
///     keelson_meta       _id "owner": log_id, role, name, format, filled
///
/// `record` and `gone` are the number of the record that the row comes from.
namespace keelson::backends::mongo {

inline constexpr const char* documents_name = "keelson_documents";
inline constexpr const char* system_name = "keelson_system";
inline constexpr const char* records_name = "keelson_records";
inline constexpr const char* meta_name = "keelson_meta";

/// MongoDB refuses what is larger.
inline constexpr std::size_t largest_row = std::size_t{16} << 20;

/// too_large when a document, or the body of a record, is more than a row can hold.
[[nodiscard]] result<void> check_row(const row_view& row);
[[nodiscard]] result<void> check_body(std::string_view body);

/// `out` is empty.
void write_document(bson_doc& out, const row_view& row, std::uint64_t number);
void write_record(bson_doc& out, const commit_record::record_head& head, std::string_view body);
void write_sign(bson_doc& out, const commit_record::store_sign& sign);
void write_system(bson_doc& out, const system_write& row, std::uint64_t number);

/// store_corrupt for a row that is not one of ours.
[[nodiscard]] result<document> read_document(const bson_members& row);
[[nodiscard]] result<commit_record::whole_record> read_record(const bson_members& row);
[[nodiscard]] result<commit_record::store_sign> read_sign(const bson_members& row);

}  // namespace keelson::backends::mongo
