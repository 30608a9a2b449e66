#include "backends/ordered_kv/codec.hpp"

#include <limits>
#include <utility>

#include "backends/ordered_kv/fields.hpp"

namespace keelson::backends::ordered_kv {

namespace {

// Numbers are never given to another meaning.
namespace in_document {
enum : unsigned { version = 1, time, hash, meta, value };
}
namespace in_log {
enum : unsigned {
  ends_commit = 1,
  chain,
  time,
  collection,
  key,
  op,
  previous,
  bytes_before,
  hash_before,
  hash_after,
  meta,
  value,
  image_before,
  principal,
  request_id
};
}
namespace in_primary {
enum : unsigned {
  log_id = 1,
  epoch,  // once for each, oldest first
  last,
  chain,
  term,
  last_time,
  oldest,
  oldest_chain,
  documents,
  bytes,
  log_bytes
};
}
namespace in_epoch {
enum : unsigned { name = 1, base, chain };
}
namespace in_secondary {
enum : unsigned { phase = 1, epoch, at, chain, copied_collection, copied_key, documents, bytes };
}
namespace in_mark {
enum : unsigned { product = 1, format, log_id, role, name };
}

constexpr std::string_view product = "keelson";

template <class Name>
Name name_of(std::string_view text) {
  return Name::trusted(std::string(text));
}

/// Where a field's value goes.
template <class T>
struct slot {
  unsigned field;
  T& target;
};

template <class T>
slot(unsigned, T&) -> slot<T>;

void take(field_reader& in, auto& out) {
  in.take(out);
}
void take(field_reader& in, std::vector<epoch_entry>& epochs);

template <class T>
bool take_if(field_reader& in, const slot<T>& into) {
  if (in.field() != into.field) return false;
  take(in, into.target);
  return true;
}

/// Fills the slots from a record. Fields without a slot are skipped.
template <class... Slots>
result<void> read_record(std::string_view record, std::string_view what, const Slots&... slots) {
  field_reader in(record);
  while (in.next()) (take_if(in, slots) || ...);
  return in.outcome(what);
}

void take(field_reader& in, std::vector<epoch_entry>& epochs) {
  std::string_view record;
  in.take(record);
  auto& epoch = epochs.emplace_back();
  if (!read_record(record, "an epoch", slot{in_epoch::name, epoch.name},
                   slot{in_epoch::base, epoch.base.value}, slot{in_epoch::chain, epoch.chain})) {
    in.refuse();
  }
}

std::unexpected<error> impossible(std::string_view what) {
  return fail(errc::store_corrupt,
              std::string(what).append(" lacks a part or has an impossible one"));
}

}  // namespace

void encode_document(std::string& out, const row_view& row) {
  field_writer(out)
      .number(in_document::version, row.version.value)
      .time(in_document::time, row.time)
      .hash(in_document::hash, row.hash)
      .bytes(in_document::meta, row.meta)
      .bytes(in_document::value, row.value)
      .end();
}

result<document> decode_document(document_id id, std::string_view record, scan_content content) {
  result<document> out(std::in_place, document{.id = std::move(id)});
  std::string_view value;
  auto outcome = read_record(record, "a document", slot{in_document::version, out->version.value},
                             slot{in_document::time, out->time}, slot{in_document::hash, out->hash},
                             slot{in_document::meta, out->meta}, slot{in_document::value, value});
  if (!outcome) return pass_on(std::move(outcome));
  if (content == scan_content::whole) out->value.assign(value);
  return out;
}

void encode_log_record(std::string& out, const log_record& record) {
  field_writer(out)
      .number(in_log::ends_commit, record.ends_commit)
      .hash(in_log::chain, record.chain)
      .time(in_log::time, record.time)
      .bytes(in_log::collection, record.id.collection.text())
      .bytes(in_log::key, record.id.key.text())
      .number(in_log::op, static_cast<std::uint64_t>(record.op))
      .number(in_log::previous, record.previous.value)
      .number(in_log::bytes_before, record.bytes_before)
      .hash(in_log::hash_before, record.hash_before)
      .hash(in_log::hash_after, record.hash_after)
      .bytes(in_log::meta, record.meta)
      .bytes(in_log::value, record.value)
      .bytes(in_log::image_before, record.image_before)
      .bytes(in_log::principal, record.principal)
      .bytes(in_log::request_id, record.request_id)
      .end();
}

result<log_record> decode_log_record(sequence at, std::string_view record) {
  result<log_record> out(std::in_place, log_record{.at = at});
  std::uint64_t ends_commit = 0;
  std::uint64_t op = 0;
  std::string_view collection;
  std::string_view key;
  auto outcome = read_record(
      record, "a log record", slot{in_log::ends_commit, ends_commit},
      slot{in_log::chain, out->chain}, slot{in_log::time, out->time},
      slot{in_log::collection, collection}, slot{in_log::key, key}, slot{in_log::op, op},
      slot{in_log::previous, out->previous.value}, slot{in_log::bytes_before, out->bytes_before},
      slot{in_log::hash_before, out->hash_before}, slot{in_log::hash_after, out->hash_after},
      slot{in_log::meta, out->meta}, slot{in_log::value, out->value},
      slot{in_log::image_before, out->image_before}, slot{in_log::principal, out->principal},
      slot{in_log::request_id, out->request_id});
  if (!outcome) return pass_on(std::move(outcome));
  const bool known_op = op == static_cast<std::uint64_t>(change_op::put) ||
                        op == static_cast<std::uint64_t>(change_op::remove);
  if (!known_op || ends_commit > 1 || collection.empty() || key.empty()) {
    return impossible("log record " + std::to_string(at.value));
  }
  out->op = static_cast<change_op>(op);
  out->ends_commit = static_cast<std::uint8_t>(ends_commit);
  out->id = {name_of<collection_name>(collection), name_of<document_key>(key)};
  return out;
}

void encode_primary_meta(std::string& out, const primary_meta& meta) {
  field_writer fields(out);
  fields.bytes(in_primary::log_id, meta.log_id);
  std::string nested;
  for (const auto& epoch : meta.epochs) {
    nested.clear();
    field_writer(nested)
        .bytes(in_epoch::name, epoch.name)
        .number(in_epoch::base, epoch.base.value)
        .hash(in_epoch::chain, epoch.chain)
        .end();
    fields.bytes(in_primary::epoch, nested);
  }
  fields.number(in_primary::last, meta.last.value)
      .hash(in_primary::chain, meta.chain)
      .number(in_primary::term, meta.term)
      .time(in_primary::last_time, meta.last_time)
      .number(in_primary::oldest, meta.oldest.value)
      .hash(in_primary::oldest_chain, meta.oldest_chain)
      .number(in_primary::documents, meta.documents)
      .number(in_primary::bytes, meta.bytes)
      .number(in_primary::log_bytes, meta.log_bytes)
      .end();
}

result<primary_meta> decode_primary_meta(std::string_view record) {
  result<primary_meta> out(std::in_place);
  auto outcome = read_record(
      record, "the primary's row", slot{in_primary::log_id, out->log_id},
      slot{in_primary::epoch, out->epochs}, slot{in_primary::last, out->last.value},
      slot{in_primary::chain, out->chain}, slot{in_primary::term, out->term},
      slot{in_primary::last_time, out->last_time}, slot{in_primary::oldest, out->oldest.value},
      slot{in_primary::oldest_chain, out->oldest_chain},
      slot{in_primary::documents, out->documents}, slot{in_primary::bytes, out->bytes},
      slot{in_primary::log_bytes, out->log_bytes});
  if (!outcome) return pass_on(std::move(outcome));
  if (out->epochs.empty() || out->log_id.empty()) {
    return impossible("the primary's row");
  }
  return out;
}

void encode_secondary_state(std::string& out, const store_point& point,
                            const store_counts& counts) {
  field_writer(out)
      .number(in_secondary::phase, static_cast<std::uint64_t>(point.what))
      .bytes(in_secondary::epoch, point.at.at.epoch)
      .number(in_secondary::at, point.at.at.at.value)
      .hash(in_secondary::chain, point.at.chain)
      .bytes(in_secondary::copied_collection, point.copied.collection.text())
      .bytes(in_secondary::copied_key, point.copied.key.text())
      .number(in_secondary::documents, counts.documents)
      .number(in_secondary::bytes, counts.bytes)
      .end();
}

result<secondary_state> decode_secondary_state(std::string_view record) {
  result<secondary_state> out(std::in_place);
  std::uint64_t phase = 0;
  std::string_view collection;
  std::string_view key;
  auto& point = out->point;
  auto outcome = read_record(
      record, "the secondary's row", slot{in_secondary::phase, phase},
      slot{in_secondary::epoch, point.at.at.epoch}, slot{in_secondary::at, point.at.at.at.value},
      slot{in_secondary::chain, point.at.chain}, slot{in_secondary::copied_collection, collection},
      slot{in_secondary::copied_key, key}, slot{in_secondary::documents, out->counts.documents},
      slot{in_secondary::bytes, out->counts.bytes});
  if (!outcome) return pass_on(std::move(outcome));
  if (phase > static_cast<std::uint64_t>(store_point::phase::rebuilding)) {
    return impossible("the secondary's row");
  }
  point.what = static_cast<store_point::phase>(phase);
  point.copied = {name_of<collection_name>(collection), name_of<document_key>(key)};
  return out;
}

void encode_mark(std::string& out, const store_mark& mark) {
  field_writer(out)
      .bytes(in_mark::product, product)
      .number(in_mark::format, mark.format)
      .bytes(in_mark::log_id, mark.owner.log_id)
      .number(in_mark::role, static_cast<std::uint64_t>(mark.owner.role))
      .bytes(in_mark::name, mark.owner.name)
      .end();
}

result<store_mark> decode_mark(std::string_view record) {
  result<store_mark> out(std::in_place);
  std::string_view found;
  std::uint64_t format = 0;
  std::uint64_t role = 0;
  auto outcome =
      read_record(record, "the owner's mark", slot{in_mark::product, found},
                  slot{in_mark::format, format}, slot{in_mark::log_id, out->owner.log_id},
                  slot{in_mark::role, role}, slot{in_mark::name, out->owner.name});
  if (!outcome) return pass_on(std::move(outcome));
  const bool known_role = role == static_cast<std::uint64_t>(store_role::primary) ||
                          role == static_cast<std::uint64_t>(store_role::secondary);
  if (found != product || format > std::numeric_limits<std::uint32_t>::max() || !known_role) {
    return impossible("the owner's mark");
  }
  out->format = static_cast<std::uint32_t>(format);
  out->owner.role = static_cast<store_role>(role);
  return out;
}

}  // namespace keelson::backends::ordered_kv
