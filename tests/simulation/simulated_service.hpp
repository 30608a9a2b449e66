#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/system/assembly.hpp"
#include "backends/decorators/fault_plan.hpp"
#include "metrics/registry.hpp"
#include "tests/support/virtual_system.hpp"

namespace keelson::test {

/// What a client knows of one write: all values are different, so that each is found in the log.
struct sent_write {
  std::string key;
  std::string value;
  bool removes = false;
  std::optional<messages::answer<messages::write_receipt>> answer;
};

/// The whole service but for its front, in one thread under virtual time, over stores in memory in
/// which anything may go wrong. Everything follows from the seed.
class simulated_service {
 public:
  explicit simulated_service(std::uint64_t seed);
  ~simulated_service();

  /// One random step: writes, faults, or time that passes.
  void step();
  /// Ends all faults and lets the time pass until nothing is left to do.
  void heal();

  /// The whole log, read through the reader.
  [[nodiscard]] std::vector<log_record> log();
  /// What the feed gives to somebody who begins at the start.
  [[nodiscard]] std::vector<log_record> feed();
  [[nodiscard]] std::map<std::string, std::string> documents();
  [[nodiscard]] messages::secondary_status secondary();
  [[nodiscard]] messages::verify_report verify();
  [[nodiscard]] const std::vector<sent_write>& writes() const noexcept { return writes_; }
  [[nodiscard]] log_point start() const { return start_; }

 private:
  void send_writes();
  void break_something();
  [[nodiscard]] std::size_t draw(std::size_t below) { return random_() % below; }

  std::mt19937_64 random_;
  temporary_folder folder_;
  metrics::registry metrics_;
  std::shared_ptr<backends::fault_plan> primary_faults_;
  std::shared_ptr<backends::fault_plan> secondary_faults_;
  std::vector<sent_write> writes_;
  virtual_system world_;
  system::assembly parts_;
  log_point start_;
  caf::actor client_;
};

}  // namespace keelson::test
