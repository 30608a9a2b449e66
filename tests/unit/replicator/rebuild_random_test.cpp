#include <cstdlib>
#include <random>

#include <catch2/catch.hpp>

#include "tests/unit/replicator/one_replicator.hpp"

using namespace keelson;
using namespace keelson::test;
using messages::component_state;
using replicator::consent;

namespace {

/// One run from a seed: a primary that is written to, trimmed and given new epochs, a secondary
/// that begins as rubbish, and a replicator that is killed, paused and made to fail at any step.
class world {
 public:
  explicit world(std::uint64_t seed) : random_(seed) {
    for (std::uint64_t i = draw(120); i-- > 0;) write();
    if (chance(2)) litter();
    start();
  }

  void run() {
    for (int i = 0; i < 150; ++i) disturb();
    alive_->before_each_scan({});
    // A group that was missed is noticed by the next one.
    alive_->tell(primary_.put(doc("c", "last"), "1"));
    for (int i = 0; i < 50 && !at_rest(); ++i) {
      alive_->settle();
      if (alive_->state() == component_state::confirmation_required) {
        REQUIRE(alive_->core().rebuild(consent::confirmed));
      }
      REQUIRE(alive_->core().resume());
      alive_->pass(std::chrono::seconds(20));
    }
    CHECK(alive_->state() == component_state::live);
    check_equal(primary_, place_);
  }

 private:
  std::uint64_t draw(std::uint64_t below) {
    return std::uniform_int_distribution<std::uint64_t>(0, below - 1)(random_);
  }
  bool chance(std::uint64_t one_in) { return draw(one_in) == 0; }
  document_id any_id() {
    return doc(std::string(1, static_cast<char>('a' + draw(3))), std::to_string(draw(60)));
  }
  std::string any_value() { return std::string(1 + draw(30), '1'); }

  actors::group_ref write() {
    std::vector<std::vector<edit>> commits(1 + draw(3));
    for (auto& edits : commits) {
      for (std::uint64_t i = 1 + draw(3); i-- > 0;) {
        edits.push_back(
            {any_id(), chance(3) ? std::nullopt : std::optional<std::string>(any_value())});
      }
    }
    return primary_.commit(commits);
  }

  void litter() {
    { one_replicator first(primary_, place_); }  // nothing opened yet: the place is empty
    std::vector<document> rubbish;
    for (std::uint64_t i = draw(80); i-- > 0;) {
      document d{.id = any_id(), .version = {draw(400)}, .time = {1}, .value = any_value()};
      d.hash = chance(2) ? computed_hash(d) : hash256{};
      rubbish.push_back(std::move(d));
    }
    for (const auto& d : rubbish) {
      const auto row = backends::row_of(d);
      place_.scribble({&row, 1});
    }
  }

  void start() {
    alive_ = std::make_unique<one_replicator>(
        primary_, place_, [this](replicator::replicator_options& options) {
          options.worker.piece.documents = 1 + draw(25);
          options.worker.batch.records = options.core.batch.records = 1 + draw(12);
          options.core.window_bytes = 1000 + draw(20'000);
          options.core.seed = draw(1000);
        });
    if (chance(2)) return;
    alive_->before_each_scan([this] {
      if (!chance(3)) return;
      auto group = write();
      if (chance(2)) alive_->tell(group);
    });
  }

  void disturb() {
    switch (draw(14)) {
      case 0:
      case 1:
      case 2:
        alive_->tell(write());
        break;
      case 3:
        write();  // a group that never arrives
        break;
      case 4:
        start();  // killed
        break;
      case 5:
        alive_->fail_next(static_cast<crash_point>(1 + draw(3)));
        break;
      case 6:
        if (chance(8)) primary_.trim(1 + draw(60));
        break;
      case 7:
        if (chance(8)) {
          primary_.begin_epoch("epoch" + std::to_string(draw(1000)));
          alive_->core().history_broken(primary_.meta().end());
        }
        break;
      case 8:
        alive_->pass(std::chrono::seconds(1));
        break;
      case 9:
        if (chance(6)) (void)alive_->core().rebuild(consent::confirmed);
        break;
      case 10:
        (void)(chance(4) ? alive_->core().pause() : alive_->core().resume());
        break;
      default:
        for (std::uint64_t i = draw(8); i-- > 0;) alive_->step();
    }
  }

  bool at_rest() {
    return alive_->state() == component_state::live &&
           place_.state().point.at == primary_.meta().end();
  }

  std::mt19937_64 random_;
  primary_log primary_;
  secondary_place place_;
  std::unique_ptr<one_replicator> alive_;
};

}  // namespace

TEST_CASE("whatever happens, a secondary ends equal to the primary") {
  const bool full = std::getenv("KEELSON_FULL") != nullptr;
  const std::uint64_t seeds = full ? 20'000 : 600;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    CAPTURE(seed);
    world(seed).run();
  }
}
