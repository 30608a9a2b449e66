#include "backends/commit_record/batch_codec.hpp"

#include <unordered_map>
#include <utility>

#include "backends/ordered_kv/codec.hpp"
#include "backends/ordered_kv/fields.hpp"

namespace keelson::backends::commit_record {

namespace {

using ordered_kv::field_reader;
using ordered_kv::field_writer;

enum body_field : unsigned {
  log_at = 1,
  log_entry,
  row_of_log,
  other_row,
  system_put,
  system_gone
};
enum row_field : unsigned { collection = 1, key, op, version_number, time, hash, meta, value };
enum pair_field : unsigned { pair_key = 1, pair_value };

bool same(const row_view& a, const row_view& b) {
  return a.op == b.op && a.version == b.version && a.time == b.time && a.hash == b.hash &&
         a.meta == b.meta && a.value == b.value;
}

void encode_row(std::string& out, const row_view& row) {
  field_writer fields(out);
  fields.bytes(collection, row.id->collection.text()).bytes(key, row.id->key.text());
  fields.number(op, static_cast<std::uint64_t>(row.op)).number(version_number, row.version.value);
  fields.time(time, row.time).hash(hash, row.hash).bytes(meta, row.meta).bytes(value, row.value);
  fields.end();
}

result<std::pair<document, change_op>> decode_row(std::string_view text) {
  document row;
  std::string of;
  std::string named;
  std::uint64_t kind = 0;
  field_reader fields(text);
  while (fields.next()) {
    switch (fields.field()) {
      case collection:
        fields.take(of);
        break;
      case key:
        fields.take(named);
        break;
      case op:
        fields.take(kind);
        break;
      case version_number:
        fields.take(row.version.value);
        break;
      case time:
        fields.take(row.time);
        break;
      case hash:
        fields.take(row.hash);
        break;
      case meta:
        fields.take(row.meta);
        break;
      case value:
        fields.take(row.value);
        break;
      default:
        break;
    }
  }
  if (kind != 1 && kind != 2) fields.refuse();
  if (auto whole = fields.outcome("a row of a record"); !whole) return pass_on(std::move(whole));
  row.id = {collection_name::trusted(std::move(of)), document_key::trusted(std::move(named))};
  return std::pair{std::move(row), static_cast<change_op>(kind)};
}

result<system_write> decode_pair(std::string_view text) {
  system_write write{.key = {}, .value = ""};
  field_reader fields(text);
  while (fields.next()) {
    if (fields.field() == pair_key) fields.take(write.key);
    if (fields.field() == pair_value) fields.take(*write.value);
  }
  if (auto whole = fields.outcome("a system row of a record"); !whole) {
    return pass_on(std::move(whole));
  }
  return write;
}

/// Where the content of a row is; indices count from 1.
struct row_source {
  std::size_t index = 0;
  bool in_log = false;
  change_op op = change_op::put;
};

result<void> point_rows(batch_body& body, std::span<const row_source> sources) {
  for (const auto& source : sources) {
    if (source.in_log && (source.index == 0 || source.index > body.records.size())) {
      return fail(errc::store_corrupt, "a record's row names a change that is not there");
    }
    auto row = source.in_log ? row_of(body.records[source.index - 1])
                             : row_of(body.others[source.index - 1]);
    if (!source.in_log) row.op = source.op;
    body.rows.push_back(row);
  }
  return {};
}

}  // namespace

std::string encode_body(std::span<const row_view> rows, std::span<const log_record> records,
                        std::span<const system_write> system) {
  std::string out;
  std::string part;
  std::unordered_map<document_id, std::size_t, document_id_hash> last_of;
  field_writer fields(out);
  for (const auto& record : records) {
    part.clear();
    ordered_kv::encode_log_record(part, record);
    fields.number(log_at, record.at.value).bytes(log_entry, part);
  }
  for (std::size_t i = 0; i < records.size(); ++i) last_of[records[i].id] = i;
  for (const auto& row : rows) {
    const auto found = last_of.find(*row.id);
    if (found != last_of.end() && same(row, row_of(records[found->second]))) {
      fields.number(row_of_log, found->second + 1);
      continue;
    }
    part.clear();
    encode_row(part, row);
    fields.bytes(other_row, part);
  }
  for (const auto& write : system) {
    part.clear();
    field_writer pair(part);
    pair.bytes(pair_key, write.key);
    if (write.value) pair.bytes(pair_value, *write.value);
    pair.end();
    fields.bytes(write.value ? system_put : system_gone, part);
  }
  fields.end();
  return out;
}

result<batch_body> decode_body(std::string_view body) {
  result<batch_body> out(std::in_place);
  std::vector<row_source> sources;
  sequence at;
  std::uint64_t index = 0;
  std::string_view part;
  field_reader fields(body);
  while (fields.next()) {
    switch (fields.field()) {
      case log_at:
        fields.take(at.value);
        break;
      case log_entry: {
        fields.take(part);
        auto record = ordered_kv::decode_log_record(at, part);
        if (!record) return pass_on(std::move(record));
        out->records.push_back(*std::move(record));
        break;
      }
      case row_of_log:
        fields.take(index);
        sources.push_back({.index = index, .in_log = true});
        break;
      case other_row: {
        fields.take(part);
        auto row = decode_row(part);
        if (!row) return pass_on(std::move(row));
        out->others.push_back(std::move(row->first));
        sources.push_back({.index = out->others.size(), .in_log = false, .op = row->second});
        break;
      }
      case system_put:
      case system_gone: {
        fields.take(part);
        auto write = decode_pair(part);
        if (!write) return pass_on(std::move(write));
        if (fields.field() == system_gone) write->value.reset();
        out->system.push_back(*std::move(write));
        break;
      }
      default:
        break;
    }
  }
  if (auto whole = fields.outcome("a commit record"); !whole) return pass_on(std::move(whole));
  if (auto pointed = point_rows(*out, sources); !pointed) return pass_on(std::move(pointed));
  return out;
}

}  // namespace keelson::backends::commit_record
