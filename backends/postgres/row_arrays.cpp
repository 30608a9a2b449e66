#include "backends/postgres/row_arrays.hpp"

namespace keelson::backends::postgres {

namespace {

template <class... Arrays>
void clear(Arrays&... arrays) {
  (arrays.clear(), ...);
}

template <class... Arrays>
void bind_all(parameters& to, Arrays&... arrays) {
  (to.array(arrays), ...);
}

void add_hash(array_parameter& to, const hash256& hash) {
  if (hash.is_zero()) {
    to.add_null();
  } else {
    to.add(hash.view());
  }
}

}  // namespace

void row_arrays::fill(std::span<const row_view> rows) {
  clear(collections_, keys_, versions_, times_, hashes_, metas_, bytes_, values_,
        removed_collections_, removed_keys_);
  for (const auto& row : rows) {
    if (row.op == change_op::remove) {
      removed_collections_.add(row.id->collection.text());
      removed_keys_.add(row.id->key.text());
      continue;
    }
    collections_.add(row.id->collection.text());
    keys_.add(row.id->key.text());
    versions_.add_number(row.version.value);
    times_.add_number(static_cast<std::uint64_t>(row.time.microseconds));
    hashes_.add(row.hash.view());
    metas_.add(row.meta);
    bytes_.add_number(row.value.size());
    values_.add_json(row.value);
  }
}

void row_arrays::bind_written(parameters& to) {
  bind_all(to, collections_, keys_, versions_, times_, hashes_, metas_, bytes_, values_);
}

void row_arrays::bind_removed(parameters& to) {
  bind_all(to, removed_collections_, removed_keys_);
}

void record_arrays::fill(std::span<const log_record> records) {
  clear(sequences_, ends_, chains_, times_, collections_, keys_, ops_, previous_, bytes_before_,
        hashes_before_, hashes_after_, metas_, values_, images_, principals_, request_ids_);
  for (const auto& record : records) {
    sequences_.add_number(record.at.value);
    ends_.add_flag(record.ends_commit != 0);
    add_hash(chains_, record.chain);
    times_.add_number(static_cast<std::uint64_t>(record.time.microseconds));
    collections_.add(record.id.collection.text());
    keys_.add(record.id.key.text());
    ops_.add_number(static_cast<std::uint64_t>(record.op));
    previous_.add_number(record.previous.value);
    bytes_before_.add_number(record.bytes_before);
    add_hash(hashes_before_, record.hash_before);
    add_hash(hashes_after_, record.hash_after);
    metas_.add(record.meta);
    values_.add(record.value);
    images_.add(record.image_before);
    principals_.add(record.principal);
    request_ids_.add(record.request_id);
  }
}

void record_arrays::bind(parameters& to) {
  bind_all(to, sequences_, ends_, chains_, times_, collections_, keys_, ops_, previous_,
           bytes_before_, hashes_before_, hashes_after_, metas_, values_, images_, principals_,
           request_ids_);
}

void system_arrays::fill(std::span<const system_write> rows) {
  clear(keys_, values_, removed_);
  for (const auto& row : rows) {
    if (row.value) {
      keys_.add(row.key);
      values_.add(*row.value);
    } else {
      removed_.add(row.key);
    }
  }
}

void system_arrays::bind(parameters& to) {
  bind_all(to, keys_, values_, removed_);
}

void id_arrays::fill(std::span<const document_id> ids) {
  clear(collections_, keys_);
  for (const auto& id : ids) {
    collections_.add(id.collection.text());
    keys_.add(id.key.text());
  }
}

void id_arrays::bind(parameters& to) {
  bind_all(to, collections_, keys_);
}

}  // namespace keelson::backends::postgres
