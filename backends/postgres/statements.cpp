#include "backends/postgres/statements.hpp"

#include <initializer_list>
#include <utility>

namespace keelson::backends::postgres {

namespace {

constexpr const char* meta_columns =
    "s.log_id, s.epochs, s.last_sequence, s.chain, s.term, s.last_time, s.oldest, s.oldest_chain,"
    " s.documents, s.bytes, s.log_bytes";
constexpr const char* applied_columns =
    "s.phase, s.epoch, s.sequence, s.chain, s.copied_collection, s.copied_key, s.documents,"
    " s.bytes";

/// Gives a text's parameters their numbers, in the order in which they are asked for.
class numbering {
 public:
  explicit numbering(int used) : used_(used) {}
  std::string next(const char* type) { return '$' + std::to_string(++used_) + "::" + type; }
  /// Parameters of these types, separated by commas.
  std::string next(std::initializer_list<const char*> types) {
    std::string list;
    for (const auto* const type : types) list.append(list.empty() ? "" : ", ").append(next(type));
    return list;
  }

 private:
  int used_;
};

// What follows a fence: each part writes nothing unless that gave a row.

std::string write_rows(numbering& parameters) {
  return ", written AS (INSERT INTO keelson.documents"
         " (collection, key, version, time, hash, meta, bytes, value)"
         " SELECT u.* FROM fence, unnest(" +
         parameters.next({"text[]", "text[]", "bigint[]", "bigint[]", "bytea[]", "bytea[]", "int[]",
                          "jsonb[]"}) +
         ") AS u ON CONFLICT (collection, key) DO UPDATE SET version = excluded.version,"
         " time = excluded.time, hash = excluded.hash, meta = excluded.meta,"
         " bytes = excluded.bytes, value = excluded.value)";
}

std::string remove_rows(numbering& parameters) {
  return ", removed AS (DELETE FROM keelson.documents d USING fence, unnest(" +
         parameters.next({"text[]", "text[]"}) +
         ") AS r(collection, key) WHERE d.collection = r.collection AND d.key = r.key)";
}

std::string write_log(numbering& parameters) {
  return ", logged AS (INSERT INTO keelson.log (sequence, ends_commit, chain, time, collection,"
         " key, op, previous, bytes_before, hash_before, hash_after, meta, value, image_before,"
         " principal, request_id) SELECT u.* FROM fence, unnest(" +
         parameters.next({"bigint[]", "boolean[]", "bytea[]", "bigint[]", "text[]", "text[]",
                          "smallint[]", "bigint[]", "bigint[]", "bytea[]", "bytea[]", "bytea[]",
                          "text[]", "text[]", "text[]", "text[]"}) +
         ") AS u)";
}

std::string write_system(numbering& parameters) {
  const auto kept = parameters.next({"bytea[]", "bytea[]"});
  return ", kept AS (INSERT INTO keelson.system (key, value)"
         " SELECT u.* FROM fence, unnest(" +
         kept +
         ") AS u ON CONFLICT (key) DO UPDATE SET value = excluded.value),"
         " dropped AS (DELETE FROM keelson.system y USING fence, unnest(" +
         parameters.next("bytea[]") + ") AS r(key) WHERE y.key = r.key)";
}

statement commit_of(std::string name, bool removes, bool system) {
  numbering parameters(13);
  std::string text =
      "WITH fence AS (UPDATE keelson.meta SET log_id = $1, epochs = $2, last_sequence = $3,"
      " chain = $4, term = $5, last_time = $6, oldest = $7, oldest_chain = $8, documents = $9,"
      " bytes = $10, log_bytes = $11 WHERE last_sequence = $12 AND term = $13 RETURNING 1)" +
      write_rows(parameters);
  text += write_log(parameters);
  if (removes) text += remove_rows(parameters);
  if (system) text += write_system(parameters);
  return {std::move(name), text + " SELECT 1 FROM fence"};
}

statement apply_of(std::string name, bool removes) {
  numbering parameters(14);
  std::string text =
      "WITH fence AS (UPDATE keelson.applied SET documents = $1, bytes = $2, phase = $3,"
      " epoch = $4, sequence = $5, chain = $6, copied_collection = $7, copied_key = $8"
      " WHERE phase = $9 AND epoch = $10 AND sequence = $11 AND chain = $12"
      " AND copied_collection = $13 AND copied_key = $14 RETURNING 1)" +
      write_rows(parameters);
  if (removes) text += remove_rows(parameters);
  return {std::move(name), text + " SELECT 1 FROM fence"};
}

std::string scan_text(const std::string& stand, const std::string& table, const char* value,
                      const char* direction) {
  const std::string order = std::string("ORDER BY collection ") + direction + ", key " + direction;
  return "SELECT " + stand +
         ", q.looked_at, q.collection, q.key, q.version, q.time, q.hash, q.meta, q.value FROM " +
         table +
         " s LEFT JOIN (SELECT w.*, count(*) OVER () AS looked_at FROM"
         " (SELECT collection, key, version, time, hash, meta, " +
         value + " AS value, row_number() OVER o AS n, sum(bytes) OVER o AS total" +
         " FROM keelson.documents WHERE (collection, key) >= ($1, $2)"
         " AND (collection, key) < ($3, $4) WINDOW o AS (" +
         order + " ROWS UNBOUNDED PRECEDING) " + order +
         " LIMIT $5) w) q ON q.n = 1 OR (q.n < $5 AND q.total <= $6) ORDER BY q.n";
}

reader_statements make(const std::string& stand, const std::string& table) {
  const std::string from = "SELECT " + stand;
  const std::string found =
      " s LEFT JOIN (unnest($1::text[], $2::text[]) WITH ORDINALITY AS k(collection, key, place)"
      " JOIN keelson.documents d ON d.collection = k.collection AND d.key = k.key) ON true";
  return {
      .point = {"point", from + " FROM " + table + " s"},
      .get = {"get",
              from + ", k.place, d.version, d.time, d.hash, d.meta, d.value FROM " + table + found},
      .get_within = {"get_within",
                     from +
                         ", sum(d.bytes) OVER (), k.place, d.version, d.time, d.hash, d.meta,"
                         " CASE WHEN sum(d.bytes) OVER () <= $3 THEN d.value END FROM " +
                         table + found},
      .forward = {"forward", scan_text(stand, table, "value", "ASC")},
      .backward = {"backward", scan_text(stand, table, "value", "DESC")},
      .bare_forward = {"bare_forward", scan_text(stand, table, "NULL::jsonb", "ASC")},
      .bare_backward = {"bare_backward", scan_text(stand, table, "NULL::jsonb", "DESC")},
  };
}

}  // namespace

const statement& select_meta() {
  static const statement made{"meta",
                              "SELECT " + std::string(meta_columns) + " FROM keelson.meta s"};
  return made;
}

const statement& select_for_writer() {
  static const statement made{
      "for_writer",
      "SELECT k.place, d.version, d.time, d.hash, d.meta, d.value"
      " FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS k(collection, key, place)"
      " JOIN keelson.documents d ON d.collection = k.collection AND d.key = k.key"
      " UNION ALL SELECT k.place, NULL, NULL, NULL, y.value, NULL"
      " FROM unnest($3::bytea[]) WITH ORDINALITY AS k(key, place)"
      " JOIN keelson.system y ON y.key = k.key"};
  return made;
}

const statement& commit_group(bool removes, bool system) {
  static const statement puts = commit_of("commit", false, false);
  static const statement both = commit_of("commit_with_removals", true, false);
  static const statement puts_and_system = commit_of("commit_with_system", false, true);
  static const statement all = commit_of("commit_with_all", true, true);
  if (system) return removes ? all : puts_and_system;
  return removes ? both : puts;
}

const statement& trim_log() {
  static const statement made{
      "trim",
      "WITH fence AS (SELECT one FROM keelson.meta WHERE last_sequence = $3 AND term = $4"
      " FOR UPDATE), cut AS (SELECT q.sequence, q.chain FROM (SELECT sequence, chain, ends_commit"
      " FROM keelson.log ORDER BY sequence LIMIT $1) q, fence"
      " WHERE q.ends_commit AND q.sequence <= $2 ORDER BY q.sequence DESC LIMIT 1),"
      " gone AS (DELETE FROM keelson.log l USING cut WHERE l.sequence <= cut.sequence"
      " RETURNING octet_length(l.collection) + octet_length(l.key) + octet_length(l.value)"
      " AS bytes),"
      " moved AS (UPDATE keelson.meta m SET oldest = cut.sequence, oldest_chain = cut.chain,"
      " log_bytes = greatest(0, m.log_bytes - (SELECT coalesce(sum(bytes), 0) FROM gone)::bigint)"
      " FROM cut RETURNING 1)"
      " SELECT EXISTS (SELECT FROM fence), EXISTS (SELECT FROM moved)"};
  return made;
}

const statement& select_applied() {
  return statements_of(store_role::secondary).point;
}

const statement& apply_rows(bool removes) {
  static const statement puts = apply_of("apply", false);
  static const statement both = apply_of("apply_with_removals", true);
  return removes ? both : puts;
}

const statement& sync_applied() {
  // The setting holds for this transaction, whose commit syncs the log of the server up to itself.
  static const statement made{"sync",
                              "UPDATE keelson.applied SET one = one"
                              " WHERE set_config('synchronous_commit', 'on', true) = 'on'"};
  return made;
}

const reader_statements& statements_of(store_role role) {
  static const reader_statements primary = make(meta_columns, "keelson.meta");
  static const reader_statements secondary = make(applied_columns, "keelson.applied");
  return role == store_role::primary ? primary : secondary;
}

const statement& select_log() {
  static const statement made{
      "log",
      "SELECT " + std::string(meta_columns) +
          ", l.sequence, l.ends_commit, l.chain, l.time, l.collection, l.key, l.op, l.previous,"
          " l.bytes_before, l.hash_before, l.hash_after, l.meta, l.value, l.image_before,"
          " l.principal, l.request_id FROM keelson.meta s LEFT JOIN keelson.log l"
          " ON l.sequence > $1 AND l.sequence <= coalesce((SELECT q.sequence FROM"
          " (SELECT sequence, ends_commit, row_number() OVER o AS n,"
          " sum(octet_length(collection) + octet_length(key) + octet_length(value)) OVER o"
          " AS total FROM keelson.log WHERE sequence > $1"
          " WINDOW o AS (ORDER BY sequence ROWS UNBOUNDED PRECEDING)) q"
          " WHERE q.ends_commit AND (q.n >= $2 OR q.total >= $3) ORDER BY q.sequence LIMIT 1),"
          " 9223372036854775807) ORDER BY l.sequence"};
  return made;
}

const statement& select_chain() {
  static const statement made{"chain",
                              "SELECT m.oldest, m.oldest_chain, l.chain FROM keelson.meta m"
                              " LEFT JOIN keelson.log l ON l.sequence = $1 AND l.ends_commit"};
  return made;
}

const statement& select_system() {
  static const statement made{"system",
                              "SELECT key, value FROM keelson.system WHERE key >= $1 AND key < $2"
                              " ORDER BY key LIMIT $3"};
  return made;
}

}  // namespace keelson::backends::postgres
