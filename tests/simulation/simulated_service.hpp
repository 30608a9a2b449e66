#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/simulation/committed_history.hpp"
#include "tests/simulation/findings.hpp"
#include "tests/simulation/mutation.hpp"
#include "tests/simulation/simulated_disk.hpp"
#include "tests/simulation/simulated_process.hpp"
#include "tests/simulation/simulated_subscriber.hpp"
#include "tests/support/virtual_system.hpp"

namespace keelson::test {

/// What may happen in a simulation besides writes, faults of stores and time that passes.
struct upheavals {
  bool deaths = true;    ///< of workers, in calls that throw
  bool restarts = true;  ///< of the process, in order and not, with and without power
  bool restores = true;  ///< of the primary from an earlier copy of its disk
};

/// The service, its disks, its clients and its operator, in one thread under virtual time, where
/// anything may go wrong. Everything follows from the seed.
class simulated_service {
 public:
  simulated_service(std::uint64_t seed, upheavals what, death_counts& died,
                    mutation made_wrong = mutation::none);
  ~simulated_service();

  /// One random step: writes, faults, upheavals, or time that passes.
  void step();
  /// Ends all faults and lets the time pass until nothing is left to do.
  void heal();

  // What the service says, once it is healed:
  [[nodiscard]] std::vector<log_record> log();
  /// What the feed gives to somebody who begins at the start.
  [[nodiscard]] messages::answer<messages::replay_slice> feed();
  [[nodiscard]] documents_by_key documents();
  [[nodiscard]] messages::primary_status primary();
  [[nodiscard]] messages::secondary_status secondary();
  [[nodiscard]] messages::validator_status validator();
  [[nodiscard]] messages::verify_report verify();

  // What is so:
  [[nodiscard]] const committed_history& history() const noexcept { return history_; }
  [[nodiscard]] documents_by_key documents_of_secondary() const;
  [[nodiscard]] const std::vector<sent_write>& writes() const noexcept { return writes_; }
  [[nodiscard]] std::deque<simulated_subscriber>& subscribers() noexcept { return subscribers_; }
  /// Copies of the primary put back that lacked something.
  [[nodiscard]] std::size_t lossy_restores() const noexcept { return lossy_restores_; }
  /// What was found on the way.
  [[nodiscard]] findings& found() noexcept { return found_; }

 private:
  struct disk_copy {
    simulated_disk::content primary;
    simulated_disk::content secondary;
  };

  void start_process();
  void upheave();
  void send_writes();
  void break_something();
  void copy_disks();
  void restart();
  void end_process();
  void put_back_while_down();
  void start_without_mark();
  void put_back_while_running();
  void exchange_primary(const disk_copy& copy);
  void ask_validator();
  void look_after_secondary();
  void serve_subscribers();
  void settle_subscribers();
  /// The secondary's point between two steps: a lost branch is not left without consent.
  void watch_secondary();
  [[nodiscard]] backends::store_point point_of_secondary() const;
  [[nodiscard]] bool secondary_needs_consent() const;
  /// What it holds with what it says that it holds.
  void compare_secondary();
  void agree_to_rebuild();
  [[nodiscard]] std::size_t draw(std::size_t below) { return random_() % below; }

  std::mt19937_64 random_;
  upheavals what_;
  mutation made_wrong_;
  findings found_;
  temporary_folder folder_;
  simulated_disk primary_;
  simulated_disk secondary_;
  committed_history history_{primary_};
  std::shared_ptr<backends::fault_plan> primary_faults_;
  std::shared_ptr<backends::fault_plan> secondary_faults_;
  std::shared_ptr<death_plan> deaths_ = std::make_shared<death_plan>();
  std::vector<sent_write> writes_;
  std::vector<disk_copy> copies_;
  std::size_t lossy_restores_ = 0;
  backends::store_point secondary_at_;  ///< when it was last watched
  bool consented_ = false;              ///< to the end of the branch that it is on
  bool agreed_ = false;                 ///< to any rebuild in this life of the process
  virtual_system world_;
  std::optional<surroundings> around_;
  std::unique_ptr<simulated_process> process_;
  std::deque<simulated_subscriber> subscribers_;  ///< before the process they are connected to
};

}  // namespace keelson::test
