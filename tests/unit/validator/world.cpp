#include "tests/unit/validator/world.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "backends/memory/memory_engine.hpp"
#include "tests/unit/validator/hooked_readers.hpp"

namespace keelson::test {

using namespace backends;
using phase = store_point::phase;

namespace {

template <class T>
T need(result<T> got) {
  if (!got) throw std::runtime_error(got.error().detail);
  if constexpr (!std::is_void_v<T>) return *std::move(got);
}

document with_hash(document d) {
  d.hash = computed_hash(d);
  return d;
}

std::shared_ptr<store> open(store_role role, std::string name) {
  return need(memory::memory_engine().open({.url = "memory:"},
                                           {.log_id = "log", .role = role, .name = std::move(name)},
                                           foreign_policy::refuse, "aaaaaaaa"));
}

}  // namespace

world::world(std::uint64_t seed)
    : random_(seed),
      primary_(open(store_role::primary, "primary")),
      secondary_(open(store_role::secondary, "kv")),
      writer_(need(primary_->open_primary())),
      follower_(need(secondary_->open_secondary())),
      bare_secondary_(need(secondary_->open_reader())) {
  move_secondary({.what = phase::applied, .at = meta().end()});
}

std::size_t world::below(std::size_t end) {
  return std::uniform_int_distribution<std::size_t>(0, end - 1)(random_);
}

document_id world::random_id() {
  static constexpr const char* collections[] = {"aa", "cities", "only-there", "zz"};
  return {collection_name::trusted(collections[below(4)]),
          document_key::trusted("k" + std::to_string(below(16)))};
}

document_id world::written_id() {
  static constexpr const char* collections[] = {"aa", "cities", "zz"};
  return {collection_name::trusted(collections[below(3)]),
          document_key::trusted("k" + std::to_string(below(below(2) == 0 ? 3 : 16)))};
}

primary_meta world::meta() {
  return need(writer_->meta());
}

void world::move_secondary(const store_point& to) {
  write_rows({}, {}, to);
}

log_record world::record_of(const document_id& id, change_op op, std::string value) {
  const auto old = documents_.find(id);
  log_record out{.id = id, .op = op, .value = std::move(value)};
  if (old != documents_.end()) {
    out.previous = old->second.version;
    out.hash_before = old->second.hash;
  }
  return out;
}

void world::write() {
  std::vector<log_record> records;
  std::set<document_id> ids;
  for (std::size_t i = below(3) + 1; i-- > 0;) {
    const auto id = written_id();
    if (!ids.insert(id).second) continue;
    const bool removes = documents_.contains(id) && below(3) == 0;
    records.push_back(removes ? record_of(id, change_op::remove, "")
                              : record_of(id, change_op::put, std::to_string(below(5))));
  }
  commit(std::move(records));
}

void world::write_document(const document_id& id, std::string value) {
  std::vector<log_record> records;
  records.push_back(record_of(id, change_op::put, std::move(value)));
  commit(std::move(records));
}

void world::remove_document(const document_id& id) {
  std::vector<log_record> records;
  records.push_back(record_of(id, change_op::remove, ""));
  commit(std::move(records));
}

void world::commit(std::vector<log_record> records) {
  auto next = meta();
  commit_batch batch{.expected_last = next.last, .expected_term = next.term};
  const auto predecessor = next.last;
  for (auto& record : records) {
    record.at = next.last = next.last.next();
    if (record.op == change_op::put) {
      const document d = with_hash({.id = record.id, .version = record.at, .value = record.value});
      record.hash_after = d.hash;
      documents_[d.id] = d;
    } else {
      documents_.erase(record.id);
    }
    if (damaged_.contains(record.id) && damaged_[record.id] == difference_kind::corrupt) {
      damaged_.erase(record.id);
    }
  }
  records.back().ends_commit = 1;
  next.chain = records.back().chain = chain_next(next.chain, predecessor, records);
  next.documents = documents_.size();
  std::vector<row_view> rows;
  for (const auto& record : records) rows.push_back(row_of(record));
  batch.rows = rows;
  batch.records = records;
  batch.next = next;
  need(writer_->commit(batch));
  commits_.push_back(std::move(records));
  points_.push_back({.what = phase::applied, .at = next.end()});
}

void world::follow() {
  if (rebuilding_) {
    if (below(3) == 0) end_rebuild();
  } else if (!commits_.empty()) {
    apply(1 + below(std::min<std::size_t>(commits_.size(), 4)));
  }
}

void world::catch_up() {
  if (rebuilding_) end_rebuild();
  if (!commits_.empty()) apply(commits_.size());
}

void world::apply(std::size_t commits) {
  std::map<document_id, log_record> last;
  store_point next;
  for (; commits-- > 0; commits_.pop_front(), points_.pop_front()) {
    next = points_.front();
    for (auto& record : commits_.front()) last[record.id] = std::move(record);
  }
  std::vector<document> puts;
  std::vector<document_id> removals;
  for (const auto& [id, record] : last) {
    healed(id);
    if (record.op == change_op::remove) {
      removals.push_back(id);
    } else {
      puts.push_back(with_hash({.id = id, .version = record.at, .value = record.value}));
    }
  }
  write_rows(puts, removals, next);
}

void world::healed(const document_id& id) {
  const auto found = damaged_.find(id);
  if (found != damaged_.end() && found->second != difference_kind::corrupt) damaged_.erase(found);
}

void world::write_rows(const std::vector<document>& puts, const std::vector<document_id>& removals,
                       const store_point& next) {
  const auto state = need(follower_->state());
  std::vector<row_view> rows;
  for (const auto& d : puts) rows.push_back(row_of(d));
  for (const auto& id : removals) rows.push_back(removal_of(id));
  need(follower_->apply(
      {.expected = state.point, .next = next, .rows = rows, .counts = state.counts}));
}

void world::rebuild() {
  if (rebuilding_ || !may_rebuild) return;
  rebuilding_ = true;
  std::vector<document_id> wiped;
  for (int i = 0; i < 10; ++i) wiped.push_back(random_id());
  std::ranges::sort(wiped);
  wiped.erase(std::unique(wiped.begin(), wiped.end()), wiped.end());
  write_rows({}, wiped, {.what = phase::rebuilding, .at = meta().end()});
}

void world::end_rebuild() {
  rebuilding_ = false;
  commits_.clear();
  points_.clear();
  std::vector<document> puts;
  for (const auto& [id, d] : documents_) puts.push_back(d);
  std::vector<document_id> removals;
  const auto page = need(bare_secondary_->scan({}));
  for (const auto& d : page.documents) {
    if (!documents_.contains(d.id)) removals.push_back(d.id);
  }
  std::erase_if(damaged_,
                [](const auto& entry) { return entry.second != difference_kind::corrupt; });
  write_rows(puts, removals, {.what = phase::applied, .at = meta().end()});
}

void world::trim() {
  const auto now = meta();
  if (now.last <= now.oldest) return;
  need(writer_->trim({now.oldest.value + below(now.last.value - now.oldest.value + 1)}, 100));
}

void world::new_epoch() {
  auto next = meta();
  commit_batch batch{.expected_last = next.last, .expected_term = next.term};
  next.last.value += epoch_distance;
  next.epochs.push_back({"epoch" + std::to_string(100 + epochs_++), next.last, next.chain});
  batch.next = next;
  need(writer_->commit(batch));
}

void world::damage() {
  static constexpr difference_kind kinds[] = {difference_kind::missing, difference_kind::surplus,
                                              difference_kind::stale, difference_kind::differing,
                                              difference_kind::corrupt};
  if (!rebuilding_) damage(kinds[below(std::size(kinds))], random_id());
}

void world::damage(difference_kind kind, const document_id& id) {
  const auto here = documents_.find(id);
  const auto there = need(bare_secondary_->get({&id, 1})).documents.front();
  if (kind == difference_kind::corrupt) {
    if (here == documents_.end()) return;
    auto bad = here->second;
    bad.value += "7";
    const std::vector rows{row_of(bad)};
    const auto now = meta();
    need(writer_->commit(
        {.expected_last = now.last, .expected_term = now.term, .rows = rows, .next = now}));
  } else if (damaged_.contains(id)) {
    return;  // one hand at a time, so that the book stays simple
  } else if (kind == difference_kind::surplus) {
    if (there || here != documents_.end()) return;
    put_on_secondary(with_hash({.id = id, .version = {1 + below(1000)}, .value = "\"surplus\""}));
  } else if (!there || here == documents_.end()) {
    return;
  } else if (kind == difference_kind::missing) {
    remove_from_secondary(id);
  } else {
    auto bad = *there;
    if (kind == difference_kind::stale) --bad.version.value;
    bad.value = "\"" + std::string(to_string(kind)) + "\"";
    put_on_secondary(below(2) == 0 ? with_hash(bad) : bad);
  }
  damaged_[id] = kind;
  touched.insert(id);
}

void world::put_on_secondary(const document& d) {
  write_rows({d}, {}, need(follower_->state()).point);
}

void world::remove_from_secondary(const document_id& id) {
  write_rows({}, {id}, need(follower_->state()).point);
}

void world::random_step() {
  const auto choice = below(100);
  if (choice < 48) {
    write();
  } else if (choice < 90) {
    follow();
  } else if (choice < 96) {
    damage();
  } else if (choice < 98) {
    trim();
  } else {
    rebuild();
  }
}

std::size_t world::united() const {
  std::set<document_id> ids;
  for (const auto& [id, d] : documents_) ids.insert(id);
  for (const auto& d : need(bare_secondary_->scan({})).documents) ids.insert(d.id);
  return ids.size();
}

std::unique_ptr<primary_reader> world::primary(snapshots mode) {
  return hooked(need(primary_->open_primary_reader()), hook, mode);
}

std::unique_ptr<store_reader> world::secondary(snapshots mode) {
  return hooked(need(secondary_->open_reader()), hook, mode);
}

}  // namespace keelson::test
