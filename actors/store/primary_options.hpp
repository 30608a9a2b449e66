#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "actors/store/commit_planner.hpp"
#include "actors/store/write_queue.hpp"
#include "backends/data_folder/data_folder.hpp"
#include "backends/registry.hpp"
#include "metrics/handles.hpp"
#include "protocols/model/backoff.hpp"
#include "protocols/model/clock.hpp"

namespace keelson::metrics {
class registry;
}

namespace keelson::store {

/// How much of the log is kept: the more of the first two, but never more than the third.
struct retention_limits {
  std::int64_t age_microseconds = std::int64_t{7} * 24 * 3600 * 1'000'000;
  std::uint64_t changes = 1'000'000;
  std::uint64_t bytes = std::uint64_t{16} << 30;
};

/// What an operator asked for at this start.
enum class log_choice : std::uint8_t {
  keep,
  new_log,    ///< `--new-log`: the folder turns to another primary, or to a new one
  new_epoch,  ///< `--new-epoch`: after a restore that nobody can notice
};
enum class volatile_policy : std::uint8_t { refuse, allow };

struct primary_options {
  backends::store_location location;
  std::shared_ptr<const backends::data_folder> folder;
  log_choice choice = log_choice::keep;
  volatile_policy volatility = volatile_policy::refuse;
  backends::foreign_policy foreign = backends::foreign_policy::refuse;
  write_queue_limits queue;
  planner_limits planner;
  retention_limits retention;
  std::vector<std::string> holders;  ///< followers that the log is kept for, within its bounds
  /// A server that is back is noticed within 3 s.
  backoff_options reopen{.most = std::chrono::milliseconds(3000)};
  wall_clock now;   ///< of changes
  wall_clock ages;  ///< what the log and kept answers grow old by: ageing_clock()
  metrics::registry* metrics = nullptr;  ///< outlives the actors; never null when they are spawned
  metrics::counter restarts;             ///< of the worker
  /// Random numbers for names; seeded in simulations.
  std::function<std::uint64_t()> random;
  /// Wraps the opened store, to measure it or to make it fail.
  std::function<std::shared_ptr<backends::store>(std::shared_ptr<backends::store>)> decorate;
};

}  // namespace keelson::store
