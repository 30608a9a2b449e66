#include <array>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/conformance/differential_store.hpp"
#include "tests/conformance/history.hpp"
#include "tests/conformance/random_input.hpp"
#include "tests/conformance/trial.hpp"

using namespace keelson;
using namespace keelson::conformance;
using backends::store_point;

namespace {

constexpr int operations = 1500;

/// KEELSON_TEST_SEED picks another seed than those of every run.
std::vector<std::uint64_t> seeds() {
  if (const char* given = std::getenv("KEELSON_TEST_SEED")) return {std::stoull(given)};
  return {1, 2};
}

/// All but `memory`, which they are compared with.
std::vector<subject> others(std::vector<subject> all) {
  all.erase(all.begin());
  return all;
}

/// Opened anew from time to time, both sides together.
class pair_of_stores {
 public:
  pair_of_stores(const subject& other, backends::ownership owner)
      : reference_(subjects().front()), other_(other), owner_(std::move(owner)) {}

  std::shared_ptr<backends::store> open() {
    return differential_store(must(reference_.open(owner_)), must(other_.open(owner_)));
  }

 private:
  trial reference_;
  trial other_;
  backends::ownership owner_;
};

/// A primary on both stores under a random history.
class primary_run {
 public:
  primary_run(const subject& other, std::uint64_t seed)
      : stores_(other, primary_owner()), random_(seed) {
    open();
    log_.emplace(must(session_->meta()));
  }

  void step() {
    switch (random_.below(14)) {
      case 0:
      case 1:
      case 2:
        return commit();
      case 3:
        return commit_fenced();
      case 4:
        return trim();
      case 5:
      case 6:
        must(reader_->get(random_.ids()));
        return;
      case 7:
      case 8:
        must(reader_->scan(random_.scan()));
        return;
      case 9:
      case 10:
        must(reader_->read_log(some_sequence(), 1 + random_.below(20), 1 + random_.below(2000)));
        return;
      case 11:
        must(reader_->chain_at(some_sequence()));
        return;
      case 12:
        must(reader_->system_rows(random_.one_in(2) ? "r" : "", system_key(), random_.below(5)));
        return;
      default:
        if (random_.one_in(8)) open();
        read_as_writer();
    }
  }

  /// That both agree with the history, not only with each other.
  void check_all() {
    const auto page = must(reader_->scan({.max_documents = 10'000}));
    REQUIRE(page.documents.size() == log_->documents().size());
    for (const auto& document : page.documents) {
      REQUIRE(document == log_->documents().at(document.id));
    }
    REQUIRE(must(reader_->meta()) == log_->meta());
  }

 private:
  void open() {
    session_.reset();
    reader_.reset();
    store_.reset();
    store_ = stores_.open();
    session_ = must(store_->open_primary());
    reader_ = must(store_->open_primary_reader());
  }

  std::string system_key() { return std::string(1, "qrs"[random_.below(3)]) + "1"; }

  sequence some_sequence() { return {random_.below(log_->meta().last.value + 3)}; }

  void commit() {
    auto planned = log_->plan(random_.commits());
    if (random_.one_in(3)) planned.system = {{system_key(), std::to_string(random_.below(100))}};
    if (random_.one_in(6)) planned.system = {{system_key(), std::nullopt}};
    if (random_.one_in(20)) ++planned.next.term;
    must(commit_group(*session_, planned));
    log_->accept(planned);
  }

  void commit_fenced() {
    auto planned = log_->plan(random_.commits());
    planned.before.last.value += 1 + random_.below(3);
    if (random_.one_in(2)) planned.before = {.last = log_->meta().last, .term = 1000};
    REQUIRE(code_of(commit_group(*session_, planned)) == errc::fenced);
  }

  void trim() { log_->trimmed(must(session_->trim(some_sequence(), random_.below(30)))); }

  void read_as_writer() {
    const std::array keys{system_key(), system_key()};
    must(session_->read(random_.ids(), keys));
    must(session_->meta());
    must(reader_->point());
  }

  pair_of_stores stores_;
  random_input random_;
  std::optional<history> log_;
  std::shared_ptr<backends::store> store_;
  std::unique_ptr<backends::primary_session> session_;
  std::unique_ptr<backends::primary_reader> reader_;
};

/// A secondary on both stores under random applies.
class secondary_run {
 public:
  secondary_run(const subject& other, std::uint64_t seed)
      : stores_(other, secondary_owner()),
        random_(seed),
        log_({.log_id = secondary_owner().log_id, .epochs = {{std::string(first_epoch), {}}}}) {
    open();
  }

  void step() {
    switch (random_.below(8)) {
      case 0:
      case 1:
      case 2:
        return apply();
      case 3:
        REQUIRE(code_of(apply_to(wrong_point(), log_.plan(random_.commits()), point_)) ==
                errc::wrong_position);
        return;
      case 4:
        must(reader_->get(random_.ids()));
        return;
      case 5:
        must(reader_->scan(random_.scan()));
        return;
      case 6:
        must(session_->sync());
        return;
      default:
        if (random_.one_in(8)) open();
        REQUIRE(must(session_->state()).point == point_);
        REQUIRE(must(reader_->point()) == point_);
    }
  }

 private:
  void open() {
    session_.reset();
    reader_.reset();
    store_.reset();
    store_ = stores_.open();
    session_ = must(store_->open_secondary());
    reader_ = must(store_->open_reader());
  }

  result<void> apply_to(const store_point& from, const group& planned, const store_point& to) {
    const auto rows = planned.rows();
    return session_->apply({.expected = from,
                            .next = to,
                            .rows = rows,
                            .counts = {planned.next.documents, planned.next.bytes}});
  }

  void apply() {
    const auto planned = log_.plan(random_.commits());
    store_point next{.what = store_point::phase::applied, .at = planned.next.end()};
    if (random_.one_in(4)) {
      next.what = store_point::phase::rebuilding;
      next.copied = random_.id();
    }
    must(apply_to(point_, planned, next));
    log_.accept(planned);
    point_ = next;
  }

  store_point wrong_point() {
    auto wrong = point_;
    ++wrong.at.at.at.value;
    return wrong;
  }

  pair_of_stores stores_;
  random_input random_;
  history log_;
  store_point point_;
  std::shared_ptr<backends::store> store_;
  std::unique_ptr<backends::secondary_session> session_;
  std::unique_ptr<backends::store_reader> reader_;
};

}  // namespace

TEST_CASE("primaries answer alike under random histories") {
  const auto& subject = GENERATE(from_range(others(primaries())));
  const auto seed = GENERATE(from_range(seeds()));
  INFO("KEELSON_TEST_SEED=" << seed << " over " << subject.scheme);
  primary_run run(subject, seed);
  for (int i = 0; i < operations; ++i) {
    UNSCOPED_INFO("operation " << i);
    run.step();
    if (i % 100 == 0) run.check_all();
  }
  run.check_all();
}

TEST_CASE("secondaries answer alike under random histories") {
  const auto& subject = GENERATE(from_range(others({subjects().begin(), subjects().end()})));
  const auto seed = GENERATE(from_range(seeds()));
  INFO("KEELSON_TEST_SEED=" << seed << " over " << subject.scheme);
  secondary_run run(subject, seed);
  for (int i = 0; i < operations; ++i) run.step();
}

TEST_CASE("a differential store notices a difference") {
  const trial a(subjects().front());
  const trial b(subjects().front());
  const auto left = must(a.open(primary_owner()));
  const auto right = must(b.open(primary_owner()));
  auto session = must(left->open_primary());
  history log(must(session->meta()));
  const auto both = differential_store(left, right);
  const auto reader = must(both->open_primary_reader());
  must(reader->scan({}));
  log.commit(*session, {{put("c", "k", "1")}});
  CHECK_THROWS_AS(reader->point(), stores_differ);
  CHECK_THROWS_AS(reader->scan({}), stores_differ);
  CHECK_THROWS_AS(reader->read_log({}, 10, 1000), stores_differ);
  CHECK_THROWS_AS(reader->chain_at({1}), stores_differ);
  session.reset();
  const auto writer = must(both->open_primary());
  CHECK_THROWS_AS(commit_group(*writer, log.plan({{put("c", "k", "2")}})), stores_differ);
}
