#include "tests/unit/replicator/primary_log.hpp"

#include <stdexcept>
#include <utility>

#include "backends/memory/memory_engine.hpp"

namespace keelson::test {

namespace {

template <class T>
T must(result<T> value) {
  if (!value) throw std::runtime_error(value.error().detail);
  if constexpr (!std::is_void_v<T>) return *std::move(value);
}

/// The present document under an id, from the commit being made or from the store.
struct overlay {
  backends::store_reader& reader;
  std::map<document_id, std::optional<document>> changed;

  std::optional<document> operator()(const document_id& id) {
    if (const auto found = changed.find(id); found != changed.end()) return found->second;
    return must(reader.get({&id, 1})).documents.front();
  }
};

}  // namespace

document_id doc(std::string collection, std::string key) {
  return {collection_name::trusted(std::move(collection)), document_key::trusted(std::move(key))};
}

primary_log::primary_log(std::string url) {
  const backends::ownership owner{"log-1", backends::store_role::primary, "primary"};
  store_ = must(backends::memory::memory_engine().open(
      {.url = std::move(url)}, owner, backends::foreign_policy::refuse, "aaaaaaaa"));
  session_ = must(store_->open_primary());
  reader_ = must(store_->open_primary_reader());
  meta_ = must(session_->meta());
}

actors::group_ref primary_log::commit(const std::vector<std::vector<edit>>& commits) {
  auto group = std::make_shared<committed_group>();
  group->from = meta_.end();
  auto next = meta_;
  overlay present{*reader_, {}};
  for (const auto& edits : commits) {
    const auto first = group->records.size();
    const auto predecessor = next.last;
    for (const auto& [id, value] : edits) {
      const auto before = present(id);
      if (!before && !value) continue;
      next.last = next.last.next();
      next.last_time.microseconds += 1'000'000;
      log_record record{.at = next.last,
                        .time = next.last_time,
                        .id = id,
                        .op = value ? change_op::put : change_op::remove,
                        .value = value.value_or("")};
      if (before) {
        record.previous = before->version;
        record.bytes_before = before->value.size();
        record.hash_before = before->hash;
        --next.documents;
        next.bytes -= before->value.size();
      }
      auto& now = present.changed[id];
      now.reset();
      if (value) {
        record.hash_after = hash_document(id, record.at, {}, hash_value(*value));
        ++next.documents;
        next.bytes += value->size();
        now = document{id, record.at, record.time, record.hash_after, {}, *value};
      }
      group->records.push_back(std::move(record));
    }
    if (group->records.size() == first) continue;
    const std::span records(group->records.begin() + static_cast<std::ptrdiff_t>(first),
                            group->records.end());
    next.chain = chain_next(next.chain, predecessor, records);
    records.back().ends_commit = 1;
    records.back().chain = next.chain;
  }
  if (group->records.empty()) return nullptr;
  group->to = next.end();

  std::vector<backends::row_view> rows;
  for (const auto& [id, now] : present.changed) {
    rows.push_back(now ? backends::row_of(*now) : backends::removal_of(id));
  }
  must(session_->commit({.expected_last = meta_.last,
                         .expected_term = meta_.term,
                         .rows = rows,
                         .records = group->records,
                         .next = next}));
  meta_ = std::move(next);
  return group;
}

void primary_log::trim(std::size_t records) {
  meta_ = must(session_->trim(meta_.last, records));
}

void primary_log::begin_epoch(std::string name) {
  auto next = meta_;
  next.last.value += epoch_distance;
  next.epochs.push_back({std::move(name), next.last, next.chain});
  must(session_->commit({.expected_last = meta_.last, .expected_term = meta_.term, .next = next}));
  meta_ = std::move(next);
}

result<actors::testimony_result> primary_log::judge(const log_point& kept) {
  const auto at = kept.at.at;
  actors::testimony_result said{.end = meta_.end()};
  for (const auto& epoch : meta_.epochs) {
    if (epoch.base == at && epoch.chain == kept.chain) return said;
  }
  if (at < meta_.oldest) {
    said.verdict = actors::testimony::trimmed;
    return said;
  }
  const auto chain = must(reader_->chain_at(at));
  if (!chain || *chain != kept.chain) said.verdict = actors::testimony::lost;
  return said;
}

actors::opened_store primary_log::opened() const {
  return {.name = std::string(actors::primary_name),
          .store = store_,
          .end = meta_.end(),
          .oldest = meta_.oldest,
          .base = meta_.epoch().base};
}

std::map<document_id, document> primary_log::documents() {
  return documents_in(*reader_);
}

std::map<document_id, document> documents_in(backends::store_reader& reader) {
  std::map<document_id, document> all;
  backends::scan_request range;
  for (bool more = true; more;) {
    auto page = must(reader.scan(range));
    for (auto& each : page.documents) {
      range.after = each.id;
      all.emplace(each.id, std::move(each));
    }
    more = !page.at_end;
  }
  return all;
}

}  // namespace keelson::test
