#include "tests/simulation/mutated_store.hpp"

#include <algorithm>
#include <random>
#include <utility>
#include <vector>

namespace keelson::test {

using namespace backends;

namespace {

/// When it goes wrong; shared by the sessions of one store.
class whim {
 public:
  whim(mutation made_wrong, std::uint64_t seed) : made_wrong_(made_wrong), random_(seed) {}
  [[nodiscard]] bool strikes(mutation which) {
    constexpr std::size_t seldom = 5;
    return made_wrong_ == which && draw(seldom) == 0;
  }
  [[nodiscard]] std::size_t draw(std::size_t below) { return random_() % below; }

 private:
  mutation made_wrong_;
  std::mt19937_64 random_;
};
using whim_ref = std::shared_ptr<whim>;

class wrong_primary final : public primary_session {
 public:
  wrong_primary(std::unique_ptr<primary_session> inner, whim_ref mood)
      : inner_(std::move(inner)), mood_(std::move(mood)) {}

  result<primary_meta> meta() override { return inner_->meta(); }
  result<primary_view> read(std::span<const document_id> ids,
                            std::span<const std::string> system_keys) override {
    return inner_->read(ids, system_keys);
  }
  result<primary_meta> trim(sequence through, std::size_t max_records) override {
    return inner_->trim(through, max_records);
  }
  result<void> commit(const commit_batch& batch) override {
    if (batch.records.empty()) return inner_->commit(batch);
    if (mood_->strikes(mutation::forgets_commit)) return {};
    auto wrong = batch;
    if (mood_->strikes(mutation::forgets_row)) wrong.rows = batch.rows.subspan(1);
    if (mood_->strikes(mutation::forgets_record)) wrong.records = batch.records.subspan(1);
    auto done = inner_->commit(wrong);
    if (done && mood_->strikes(mutation::denies_commit)) {
      return fail(errc::storage_full, "full, but it was written");
    }
    return done;
  }

 private:
  std::unique_ptr<primary_session> inner_;
  whim_ref mood_;
};

class wrong_primary_reader final : public primary_reader {
 public:
  wrong_primary_reader(std::unique_ptr<primary_reader> inner, whim_ref mood)
      : inner_(std::move(inner)), mood_(std::move(mood)) {}

  result<store_point> point() override { return inner_->point(); }
  result<documents_read> get(std::span<const document_id> ids) override { return inner_->get(ids); }
  result<scan_page> scan(const scan_request& request) override {
    auto page = inner_->scan(request);
    if (page && !page->documents.empty() && mood_->strikes(mutation::hides_document)) {
      page->documents.erase(page->documents.begin());
    }
    return page;
  }
  result<primary_meta> meta() override { return inner_->meta(); }
  result<log_slice> read_log(sequence after, std::size_t max_records,
                             std::size_t max_bytes) override {
    auto slice = inner_->read_log(after, max_records, max_bytes);
    if (slice && mood_->strikes(mutation::hides_commit)) hide_commit(slice->records);
    return slice;
  }
  result<std::optional<hash256>> chain_at(sequence at) override { return inner_->chain_at(at); }
  result<std::vector<system_row>> system_rows(std::string_view prefix, std::string_view after,
                                              std::size_t limit) override {
    return inner_->system_rows(prefix, after, limit);
  }

 private:
  /// The first one, if there are others.
  static void hide_commit(std::vector<log_record>& records) {
    const auto end =
        std::ranges::find_if(records, [](const auto& r) { return r.ends_commit != 0; });
    if (end != records.end() && end + 1 != records.end()) records.erase(records.begin(), end + 1);
  }

  std::unique_ptr<primary_reader> inner_;
  whim_ref mood_;
};

class wrong_secondary final : public secondary_session {
 public:
  wrong_secondary(std::unique_ptr<secondary_session> inner, whim_ref mood)
      : inner_(std::move(inner)), mood_(std::move(mood)) {}

  result<secondary_state> state() override { return inner_->state(); }
  result<void> sync() override { return inner_->sync(); }
  result<void> apply(const apply_batch& batch) override {
    auto wrong = batch;
    std::vector<row_view> rows(batch.rows.begin(), batch.rows.end());
    if (!rows.empty() && mood_->strikes(mutation::skips_change)) rows.pop_back();
    if (!seen_.empty() && mood_->strikes(mutation::brings_back)) add_old(rows);
    wrong.rows = rows;
    if (mood_->strikes(mutation::stays_behind)) wrong.rows = {};
    auto done = inner_->apply(wrong);
    if (done) remember(batch.rows);
    return done;
  }

 private:
  void add_old(std::vector<row_view>& rows) {
    const auto& old = seen_[mood_->draw(seen_.size())];
    const bool written = std::ranges::any_of(rows, [&](const auto& r) { return *r.id == old.id; });
    if (!written) rows.push_back(row_of(old));
  }
  void remember(std::span<const row_view> rows) {
    for (const auto& row : rows) {
      if (row.op != change_op::put) continue;
      seen_.push_back({.id = *row.id,
                       .version = row.version,
                       .time = row.time,
                       .hash = row.hash,
                       .meta = std::string(row.meta),
                       .value = std::string(row.value)});
    }
  }

  std::unique_ptr<secondary_session> inner_;
  whim_ref mood_;
  std::vector<document> seen_;  ///< everything it ever wrote
};

class wrong_store final : public store {
 public:
  wrong_store(std::shared_ptr<store> inner, whim_ref mood)
      : inner_(std::move(inner)), mood_(std::move(mood)) {}

  capabilities abilities() const override { return inner_->abilities(); }
  result<std::unique_ptr<primary_session>> open_primary() override {
    return wrapped<wrong_primary, primary_session>(inner_->open_primary());
  }
  result<std::unique_ptr<secondary_session>> open_secondary() override {
    return wrapped<wrong_secondary, secondary_session>(inner_->open_secondary());
  }
  result<std::unique_ptr<store_reader>> open_reader() override { return inner_->open_reader(); }
  result<std::unique_ptr<primary_reader>> open_primary_reader() override {
    return wrapped<wrong_primary_reader, primary_reader>(inner_->open_primary_reader());
  }

 private:
  template <class Wrong, class Interface>
  result<std::unique_ptr<Interface>> wrapped(result<std::unique_ptr<Interface>> opened) {
    if (!opened) return opened;
    return std::make_unique<Wrong>(*std::move(opened), mood_);
  }

  std::shared_ptr<store> inner_;
  whim_ref mood_;
};

}  // namespace

std::shared_ptr<store> mutated(std::shared_ptr<store> inner, mutation made_wrong,
                               std::uint64_t seed) {
  return std::make_shared<wrong_store>(std::move(inner), std::make_shared<whim>(made_wrong, seed));
}

}  // namespace keelson::test
