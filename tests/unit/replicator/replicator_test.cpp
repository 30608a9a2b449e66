#include "actors/replicator/replicator.hpp"

#include <caf/event_based_actor.hpp>
#include <catch2/catch.hpp>

#include "backends/memory/memory_engine.hpp"
#include "tests/support/virtual_system.hpp"
#include "tests/unit/replicator/one_replicator.hpp"

using namespace keelson;
using namespace keelson::test;
using namespace keelson::messages;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

using verb_answer = answer<secondary_status>;

/// What a store doubts, and how often it was told that everything was compared.
struct store_doubt {
  std::string reason;
  int settled = 0;
};

/// Passes a session on, with the doubt that a test gave it.
class doubting_session final : public backends::secondary_session {
 public:
  doubting_session(std::unique_ptr<backends::secondary_session> inner,
                   std::shared_ptr<store_doubt> has)
      : inner_(std::move(inner)), has_(std::move(has)) {}
  result<backends::secondary_state> state() override { return inner_->state(); }
  result<void> apply(const backends::apply_batch& batch) override { return inner_->apply(batch); }
  result<void> sync() override { return inner_->sync(); }
  result<std::string> doubt() override { return has_->reason; }
  result<void> trust() override {
    has_->reason.clear();
    ++has_->settled;
    return {};
  }

 private:
  std::unique_ptr<backends::secondary_session> inner_;
  std::shared_ptr<store_doubt> has_;
};

/// A store that throws where a driver may: the worker dies of it.
class throwing_store final : public backends::store {
 public:
  throwing_store(std::shared_ptr<backends::store> inner, std::shared_ptr<bool> armed,
                 std::shared_ptr<store_doubt> doubt)
      : inner_(std::move(inner)), armed_(std::move(armed)), doubt_(std::move(doubt)) {}
  backends::capabilities abilities() const override { return inner_->abilities(); }
  result<std::unique_ptr<backends::primary_session>> open_primary() override {
    return inner_->open_primary();
  }
  result<std::unique_ptr<backends::secondary_session>> open_secondary() override {
    if (std::exchange(*armed_, false)) throw std::runtime_error("a bug of a driver");
    auto opened = inner_->open_secondary();
    if (!opened) return opened;
    return std::make_unique<doubting_session>(*std::move(opened), doubt_);
  }
  result<std::unique_ptr<backends::store_reader>> open_reader() override {
    return inner_->open_reader();
  }
  result<std::unique_ptr<backends::primary_reader>> open_primary_reader() override {
    return inner_->open_primary_reader();
  }

 private:
  std::shared_ptr<backends::store> inner_;
  std::shared_ptr<bool> armed_;
  std::shared_ptr<store_doubt> doubt_;
};

/// A replicator with the primary's side played by the test, in virtual time.
struct running {
  running() {
    judge = world.system.spawn(run_judge, &primary);
    comparer = world.system.spawn(run_comparer, &passes);
    user = world.system.spawn(run_user, &openings);
    replicator::replicator_options options;
    options.worker.name = "kv";
    options.worker.location = place.location();
    options.worker.engine = &backends::memory::memory_engine();
    options.worker.decorate = [this](std::shared_ptr<backends::store> store) {
      return std::make_shared<throwing_store>(std::move(store), throws, doubt);
    };
    options.core.seed = 1;
    options.shown_url = "memory:kv";
    options.now = [this] { return world.wall_now(); };
    options.observe = [this](const secondary_status& status) { observed.push_back(status); };
    actor =
        world.system.spawn(replicator::run_replicator, options, judge, comparer,
                           std::vector<actors::store_user>{user}, actors::worker_thread::shared);
  }
  ~running() {
    if (!stopped) stop();
    caf::anon_send_exit(judge, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(comparer, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(user, caf::exit_reason::user_shutdown);
    world.run();
  }

  static replicator::primary_desk::behavior_type run_judge(replicator::primary_desk::pointer,
                                                           primary_log* primary) {
    return {[primary](witness_atom, const log_point& kept, const std::string&)
                -> answer<actors::testimony_result> { return primary->judge(kept); },
            [](hold_atom, const std::string&, sequence) {}};
  }
  /// Its first pass is incomplete, every later one runs when it is first asked about and is then
  /// equal.
  static replicator::comparison_desk::behavior_type run_comparer(
      replicator::comparison_desk::pointer, std::vector<std::string>* passes) {
    return {[passes](verify_atom, const verify_request& asked) -> answer<std::string> {
              passes->push_back(asked.secondary);
              return std::to_string(passes->size());
            },
            [passes, looks = 0](report_atom, const std::string& id) mutable {
              verify_report report{.id = id, .state = pass_state::incomplete};
              if (passes->size() > 1) {
                report.state = ++looks > 1 ? pass_state::equal : pass_state::running;
              }
              return answer<verify_report>(report);
            }};
  }
  static actors::store_user::behavior_type run_user(actors::store_user::pointer,
                                                    std::vector<std::string>* openings) {
    return {[openings](opened_atom, const actors::opened_store& store) {
              REQUIRE(store.store);
              openings->push_back("+" + store.name);
            },
            [openings](closed_atom, const std::string& name) { openings->push_back("-" + name); }};
  }

  void open_primary() {
    caf::anon_send(actor, opened_atom::value, primary.opened());
    world.run();
  }
  void put(std::string key, std::string value) {
    caf::anon_send(actor, commit_atom::value, primary.put(doc("a", std::move(key)), value));
    world.run();
  }
  secondary_status status() { return world.ask<secondary_status>(actor, status_atom::value); }
  void stop() {
    world.ask<stopped_atom>(actor, stop_atom::value);
    stopped = true;
  }

  virtual_system world;
  primary_log primary;
  secondary_place place;
  std::vector<std::string> openings;
  std::vector<secondary_status> observed;
  std::shared_ptr<bool> throws = std::make_shared<bool>(false);
  std::vector<std::string> passes;  ///< the secondaries of those that were begun
  std::shared_ptr<store_doubt> doubt = std::make_shared<store_doubt>();
  replicator::primary_desk judge;
  replicator::comparison_desk comparer;
  actors::store_user user;
  replicator::replicator_actor actor;
  bool stopped = false;
};

using names = std::vector<std::string>;

}  // namespace

TEST_CASE("the actor follows the primary, tells who reads the store, and stops in order") {
  running one;
  one.primary.put(doc("a", "0"), "0");
  CHECK(one.status().state == component_state::starting);
  CHECK(one.openings.empty());
  one.open_primary();
  CHECK(one.openings == names{"+kv"});
  CHECK(one.status().state == component_state::live);
  CHECK(one.status().name == "kv");
  CHECK(one.status().url == "memory:kv");
  for (int i = 0; i < 20; ++i) one.put(std::to_string(i % 3), std::to_string(i));
  one.world.advance(replicator::core_options{}.gather);
  check_equal(one.primary, one.place);
  CHECK(one.status().applied == one.primary.meta().end().at);
  CHECK(one.status().documents == 3);
  CHECK(one.status().lag_changes == 0);
  one.stop();
  CHECK(one.openings == names{"+kv", "-kv"});
}

TEST_CASE("an operator pauses, resumes and rebuilds") {
  running one;
  one.open_primary();
  auto paused = one.world.ask<verb_answer>(one.actor, pause_atom::value);
  REQUIRE(paused);
  CHECK(paused.value.state == component_state::paused);
  one.put("1", "1");
  CHECK(one.place.documents().empty());
  REQUIRE(one.world.ask<verb_answer>(one.actor, resume_atom::value));
  one.world.run();
  check_equal(one.primary, one.place);
  auto rebuilt = one.world.ask<verb_answer>(one.actor, rebuild_atom::value, rebuild_request{});
  REQUIRE(rebuilt);
  CHECK(rebuilt.value.state == component_state::rebuilding);
  one.world.run();
  CHECK(one.status().state == component_state::live);
}

TEST_CASE("a worker that dies is replaced, and nobody is left with the store it had") {
  running one;
  *one.throws = true;
  one.open_primary();
  CHECK(one.status().state == component_state::broken);
  CHECK(one.openings.empty());
  one.put("1", "1");
  one.world.advance(seconds(1));
  CHECK(one.status().state == component_state::live);
  check_equal(one.primary, one.place);
  CHECK(one.openings == names{"+kv"});
}

TEST_CASE("the primary may be closed and opened while the replicator lives") {
  running one;
  one.open_primary();
  caf::anon_send(one.actor, closed_atom::value, std::string("primary"));
  one.world.run();
  const std::weak_ptr<backends::store> held = one.primary.store();
  const auto users = held.use_count();
  one.primary.put(doc("a", "1"), "1");
  one.world.advance(seconds(3));
  CHECK(held.use_count() == users);
  one.open_primary();
  check_equal(one.primary, one.place);
}

TEST_CASE("the lag is seen once a second, also when nothing happens") {
  running one;
  one.open_primary();
  const auto before = one.observed.size();
  one.world.advance(seconds(5));
  CHECK(one.observed.size() >= before + 4);
  CHECK(one.observed.size() <= before + 6);
  CHECK(one.observed.back().state == component_state::live);
}

TEST_CASE("a replicator that is killed lets its worker close the store") {
  running one;
  one.open_primary();
  caf::anon_send_exit(one.actor, caf::exit_reason::kill);
  one.world.run();
  one.stopped = true;
  one.actor = nullptr;
  one.world.run();
  check_equal(one.primary, one.place);
}

TEST_CASE("a store in doubt is compared until a pass is complete, and is told only then") {
  running one;
  one.open_primary();
  one.put("1", "1");
  one.world.advance(seconds(3));
  CHECK(one.passes.empty());
  one.doubt->reason = "it was started anew";
  one.world.advance(milliseconds(1500));
  CHECK(one.passes == names{"kv"});
  CHECK(one.status().state == component_state::live);
  CHECK(one.status().reason == "in doubt: it was started anew");
  one.world.advance(seconds(3));
  CHECK(one.passes == names{"kv", "kv"});
  CHECK(one.doubt->settled == 0);
  one.world.advance(seconds(5));
  CHECK(one.doubt->settled == 1);
  CHECK(one.passes.size() == 2);
  CHECK(one.status().reason.empty());
}

TEST_CASE("a store in doubt is not compared while it is paused") {
  running one;
  one.doubt->reason = "it was started anew";
  caf::anon_send(one.actor, pause_atom::value);
  one.open_primary();
  one.world.advance(seconds(3));
  CHECK(one.passes.empty());
  REQUIRE(one.world.ask<verb_answer>(one.actor, resume_atom::value));
  one.world.advance(seconds(10));
  CHECK(one.doubt->settled == 1);
}
