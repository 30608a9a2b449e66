#include "tests/unit/replicator/one_replicator.hpp"

#include <atomic>
#include <functional>
#include <stdexcept>
#include <utility>
#include <variant>

#include <catch2/catch.hpp>

#include "backends/memory/memory_engine.hpp"

namespace keelson::test {

using namespace replicator;

namespace {

/// Passes a session on, with the one failure that a test asked for.
class failing_session final : public backends::secondary_session {
 public:
  failing_session(std::unique_ptr<backends::secondary_session> inner,
                  std::shared_ptr<crash_point> at)
      : inner_(std::move(inner)), at_(std::move(at)) {}

  result<backends::secondary_state> state() override { return inner_->state(); }
  result<void> apply(const backends::apply_batch& batch) override {
    if (fails(crash_point::before_apply)) return fail(errc::store_io, "before");
    auto done = inner_->apply(batch);
    if (done && fails(crash_point::after_apply)) return fail(errc::store_io, "after");
    return done;
  }
  result<void> sync() override {
    if (fails(crash_point::at_sync)) return fail(errc::store_io, "sync");
    return inner_->sync();
  }

 private:
  bool fails(crash_point here) {
    if (*at_ != here) return false;
    *at_ = crash_point::never;
    return true;
  }
  std::unique_ptr<backends::secondary_session> inner_;
  std::shared_ptr<crash_point> at_;
};

/// Passes a primary's reader on, with other things going on between its reads.
class busy_reader final : public backends::primary_reader {
 public:
  busy_reader(std::unique_ptr<backends::primary_reader> inner,
              std::shared_ptr<std::function<void()>> before_scan)
      : inner_(std::move(inner)), before_scan_(std::move(before_scan)) {}

  result<backends::store_point> point() override { return inner_->point(); }
  result<backends::documents_read> get(std::span<const document_id> ids,
                                       std::size_t max_bytes) override {
    return inner_->get(ids, max_bytes);
  }
  result<backends::scan_page> scan(const backends::scan_request& request) override {
    if (*before_scan_) (*before_scan_)();
    return inner_->scan(request);
  }
  result<backends::primary_meta> meta() override { return inner_->meta(); }
  result<backends::log_slice> read_log(sequence after, std::size_t max_records,
                                       std::size_t max_bytes) override {
    return inner_->read_log(after, max_records, max_bytes);
  }
  result<std::optional<hash256>> chain_at(sequence at) override { return inner_->chain_at(at); }
  result<std::vector<backends::system_row>> system_rows(std::string_view prefix,
                                                        std::string_view after,
                                                        std::size_t limit) override {
    return inner_->system_rows(prefix, after, limit);
  }

 private:
  std::unique_ptr<backends::primary_reader> inner_;
  std::shared_ptr<std::function<void()>> before_scan_;
};

/// A store as a test wants it: a secondary that fails, or a primary that is busy.
class tampered_store final : public backends::store {
 public:
  tampered_store(std::shared_ptr<backends::store> inner, std::shared_ptr<crash_point> at,
                 std::shared_ptr<std::function<void()>> before_scan)
      : inner_(std::move(inner)), at_(std::move(at)), before_scan_(std::move(before_scan)) {}
  backends::capabilities abilities() const override { return inner_->abilities(); }
  result<std::unique_ptr<backends::primary_session>> open_primary() override {
    return inner_->open_primary();
  }
  result<std::unique_ptr<backends::secondary_session>> open_secondary() override {
    auto opened = inner_->open_secondary();
    if (!opened) return opened;
    return std::make_unique<failing_session>(*std::move(opened), at_);
  }
  result<std::unique_ptr<backends::store_reader>> open_reader() override {
    return inner_->open_reader();
  }
  result<std::unique_ptr<backends::primary_reader>> open_primary_reader() override {
    auto opened = inner_->open_primary_reader();
    if (!opened) return opened;
    return std::make_unique<busy_reader>(*std::move(opened), before_scan_);
  }

 private:
  std::shared_ptr<backends::store> inner_;
  std::shared_ptr<crash_point> at_;
  std::shared_ptr<std::function<void()>> before_scan_;
};

std::string unique_url() {
  static std::atomic<int> last = 0;
  return "memory:place-" + std::to_string(++last);
}

}  // namespace

secondary_place::secondary_place(std::string name) : url_(unique_url()), name_(std::move(name)) {}

std::shared_ptr<backends::store> secondary_place::open() const {
  return backends::memory::memory_engine()
      .open(location(), {"log-1", backends::store_role::secondary, name_},
            backends::foreign_policy::refuse, {})
      .value();
}

std::map<document_id, document> secondary_place::documents() const {
  return documents_in(**open()->open_reader());
}

backends::secondary_state secondary_place::state() const {
  return open()->open_secondary().value()->state().value();
}

void secondary_place::scribble(std::span<const backends::row_view> rows,
                               std::optional<backends::secondary_state> next) {
  const auto now = state();
  const auto after = next.value_or(now);
  const auto done = open()->open_secondary().value()->apply(
      {.expected = now.point, .next = after.point, .rows = rows, .counts = after.counts});
  if (!done) throw std::runtime_error(done.error().detail);
}

one_replicator::one_replicator(primary_log& primary, const secondary_place& place,
                               std::function<void(replicator_options&)> adjust)
    : primary_(primary), link_(std::make_shared<actors::primary_link>()) {
  replicator_options options;
  options.core.seed = 1;
  options.core.gather = {};
  options.worker.name = "kv";
  options.worker.location = place.location();
  options.worker.engine = &backends::memory::memory_engine();
  options.worker.decorate = [this](std::shared_ptr<backends::store> store) {
    return std::make_shared<tampered_store>(std::move(store), failing_, before_scan_);
  };
  if (adjust) adjust(options);
  core_ = std::make_unique<replicator_core>(options.core);
  worker_ = std::make_unique<secondary_worker>(options.worker, link_);
  link_->attach(std::make_shared<tampered_store>(primary.store(), failing_, before_scan_));
  core_->primary_opened(primary.meta().end(), primary.meta().epoch().base);
}

bool one_replicator::step() {
  const auto next = core_->next(now_);
  if (!next) return false;
  if (const auto* judge = std::get_if<judge_step>(&*next)) {
    core_->judged(primary_.judge(judge->at), now_);
    return true;
  }
  opened_ += std::holds_alternative<open_step>(*next) ? 1 : 0;
  followed_ += std::holds_alternative<follow_step>(*next) ? 1 : 0;
  core_->finished(worker_->run(*next), now_);
  return true;
}

void one_replicator::settle() {
  for (int i = 0; i < 100'000; ++i) {
    if (!step()) return;
  }
  FAIL("a replicator that never comes to rest");
}

void one_replicator::pass(std::chrono::milliseconds longest) {
  const auto wake = core_->wake_at(now_);
  now_ = std::min(wake.value_or(time_point::max()), now_ + longest);
}

void check_equal(primary_log& primary, const secondary_place& place) {
  const auto state = place.state();
  CHECK(state.point.what == backends::store_point::phase::applied);
  CHECK(state.point.at == primary.meta().end());
  CHECK(state.counts == backends::store_counts{primary.meta().documents, primary.meta().bytes});
  const auto mine = primary.documents();
  const auto theirs = place.documents();
  CHECK(mine.size() == theirs.size());
  CHECK(mine == theirs);
}

}  // namespace keelson::test
