#include "tests/simulation/simulated_disk.hpp"

#include <stdexcept>

#include "backends/memory/memory_kv.hpp"
#include "backends/ordered_kv/kv_readers.hpp"
#include "backends/ordered_kv/kv_store.hpp"

namespace keelson::test {

using namespace backends;
using ordered_kv::write_mode;

/// Remembers what was synced.
class simulated_disk::engine final : public ordered_kv::kv_engine {
 public:
  engine(sync_habit habit, const content& begin) : habit_(habit), synced_(begin) {
    const auto batch = place_.new_batch();
    const auto copy = [&](std::string_view key, std::string_view value) {
      batch->put(key, value);
      return result<ordered_kv::step>(ordered_kv::step::go_on);
    };
    const auto walked = memory::walk(begin, {}, ordered_kv::direction::forward, copy);
    if (!walked || !place_.write(*batch, write_mode::synced)) {
      throw std::logic_error("a copy in memory failed");
    }
    synced_ = place_.root();
  }

  std::unique_ptr<ordered_kv::kv_view> snapshot() override { return place_.snapshot(); }
  std::unique_ptr<ordered_kv::kv_view> latest() override { return place_.latest(); }
  std::unique_ptr<ordered_kv::kv_batch> new_batch() override { return place_.new_batch(); }
  result<void> write(ordered_kv::kv_batch& batch, write_mode mode) override {
    auto written = place_.write(batch, mode);
    if (mode == write_mode::synced) note_sync();
    return written;
  }
  result<void> sync() override {
    note_sync();
    return {};
  }

  [[nodiscard]] content root() const { return place_.root(); }
  [[nodiscard]] const content& synced() const { return synced_; }

 private:
  void note_sync() {
    constexpr unsigned seldom = 5;
    if (habit_ == sync_habit::at_once || ++asked_ % seldom == 0) synced_ = place_.root();
  }

  sync_habit habit_;
  unsigned asked_ = 0;
  memory::memory_kv place_;
  content synced_;
};

simulated_disk::simulated_disk(sync_habit habit)
    : habit_(habit), engine_(std::make_shared<engine>(habit, nullptr)) {}

result<std::shared_ptr<store>> simulated_disk::open(const ownership& owner,
                                                    std::string_view first_epoch) {
  constexpr capabilities abilities{
      .transactional = true, .snapshots = true, .ordered_scan = true, .primary = true};
  return ordered_kv::open_store(engine_, abilities, "a simulated disk", owner,
                                foreign_policy::refuse, first_epoch);
}

std::unique_ptr<primary_reader> simulated_disk::look_at_primary() const {
  return ordered_kv::make_primary_reader(engine_);
}

std::unique_ptr<store_reader> simulated_disk::look_at_secondary() const {
  return ordered_kv::make_reader(engine_, store_role::secondary);
}

simulated_disk::content simulated_disk::now() const {
  return engine_->root();
}

void simulated_disk::put_back(const content& copy) {
  engine_ = std::make_shared<engine>(habit_, copy);
}

void simulated_disk::lose_power() {
  put_back(content(engine_->synced()));
}

}  // namespace keelson::test
