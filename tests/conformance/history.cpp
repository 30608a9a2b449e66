#include "tests/conformance/history.hpp"

#include <span>
#include <utility>

#include "tests/conformance/trial.hpp"

namespace keelson::conformance {

namespace {

/// Documents over a base, without copying the base.
class overlay {
 public:
  explicit overlay(const std::map<document_id, document>& base) : base_(base) {}

  /// Absent is an empty optional.
  std::optional<document> find(const document_id& id) const {
    if (const auto changed = changed_.find(id); changed != changed_.end()) return changed->second;
    if (const auto old = base_.find(id); old != base_.end()) return old->second;
    return std::nullopt;
  }
  void set(const document_id& id, std::optional<document> now) { changed_[id] = std::move(now); }

 private:
  const std::map<document_id, document>& base_;
  std::map<document_id, std::optional<document>> changed_;
};

std::uint64_t weight(const log_record& record) {
  return record.id.collection.text().size() + record.id.key.text().size() + record.value.size();
}

log_record record_of(const change& wanted, const std::optional<document>& before,
                     const backends::primary_meta& meta) {
  log_record record{.at = meta.last.next(),
                    .time = {meta.last_time.microseconds + 7},
                    .id = wanted.id,
                    .op = wanted.op,
                    .meta = {},
                    .value = wanted.value,
                    .image_before = {},
                    .principal = "anonymous",
                    .request_id = "r-" + std::to_string(meta.last.value)};
  if (before) {
    record.previous = before->version;
    record.bytes_before = before->value.size();
    record.hash_before = before->hash;
  }
  if (wanted.op == change_op::put) {
    record.hash_after = hash_document(record.id, record.at, {}, hash_value(record.value));
  }
  return record;
}

/// Moves the meta row by one change.
void move(backends::primary_meta& meta, const log_record& record) {
  meta.last = record.at;
  meta.last_time = record.time;
  meta.log_bytes += weight(record);
  meta.bytes += record.value.size();
  meta.bytes -= record.bytes_before;
  if (record.op == change_op::put && record.hash_before.is_zero()) ++meta.documents;
  if (record.op == change_op::remove && !record.hash_before.is_zero()) --meta.documents;
}

std::optional<document> document_after(const log_record& record) {
  if (record.op == change_op::remove) return std::nullopt;
  return document{.id = record.id,
                  .version = record.at,
                  .time = record.time,
                  .hash = record.hash_after,
                  .meta = record.meta,
                  .value = record.value};
}

}  // namespace

document_id id_of(std::string_view collection, std::string_view key) {
  return {collection_name::trusted(std::string(collection)),
          document_key::trusted(std::string(key))};
}

change put(std::string_view collection, std::string_view key, std::string value) {
  return {id_of(collection, key), change_op::put, std::move(value)};
}

change removal(std::string_view collection, std::string_view key) {
  return {id_of(collection, key), change_op::remove, {}};
}

std::vector<backends::row_view> group::rows() const {
  std::map<document_id, backends::row_view> last;
  for (const auto& record : records) last[record.id] = backends::row_of(record);
  std::vector<backends::row_view> rows;
  for (const auto& [id, row] : last) rows.push_back(row);
  return rows;
}

group history::plan(const std::vector<commit_plan>& commits) const {
  group planned{.before = meta_, .next = meta_};
  overlay now(documents_);
  for (const auto& commit : commits) {
    const auto predecessor = planned.next.last;
    const auto first = planned.records.size();
    for (const auto& wanted : commit) {
      auto record = record_of(wanted, now.find(wanted.id), planned.next);
      move(planned.next, record);
      now.set(wanted.id, document_after(record));
      planned.records.push_back(std::move(record));
    }
    const auto whole = std::span(planned.records).subspan(first);
    planned.next.chain = chain_next(planned.next.chain, predecessor, whole);
    planned.records.back().ends_commit = 1;
    planned.records.back().chain = planned.next.chain;
  }
  return planned;
}

void history::accept(const group& done) {
  meta_ = done.next;
  for (const auto& record : done.records) {
    records_.push_back(record);
    auto after = document_after(record);
    if (after) {
      documents_[record.id] = std::move(*after);
    } else {
      documents_.erase(record.id);
    }
  }
}

void history::commit(backends::primary_session& session, const std::vector<commit_plan>& commits) {
  const auto planned = plan(commits);
  must(commit_group(session, planned));
  accept(planned);
}

history detached_history() {
  const auto owner = primary_owner();
  const auto chain = chain_start(owner.log_id);
  return history({.log_id = owner.log_id,
                  .epochs = {{std::string(first_epoch), {}}},
                  .chain = chain,
                  .oldest_chain = chain});
}

backends::store_point applied(const backends::primary_meta& meta) {
  return {.what = backends::store_point::phase::applied, .at = meta.end()};
}

result<void> apply_group(backends::secondary_session& session, const backends::store_point& from,
                         const backends::store_point& to, const group& planned) {
  const auto rows = planned.rows();
  return session.apply({.expected = from,
                        .next = to,
                        .rows = rows,
                        .counts = {planned.next.documents, planned.next.bytes}});
}

result<void> commit_group(backends::primary_session& session, const group& planned) {
  const auto rows = planned.rows();
  return session.commit({.expected_last = planned.before.last,
                         .expected_term = planned.before.term,
                         .rows = rows,
                         .records = planned.records,
                         .system = planned.system,
                         .next = planned.next});
}

}  // namespace keelson::conformance
