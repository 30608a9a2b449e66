#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "backends/registry.hpp"
#include "metrics/handles.hpp"
#include "protocols/messages/component_status.hpp"
#include "protocols/model/backoff.hpp"
#include "protocols/model/clock.hpp"

namespace keelson::replicator {

using time_point = std::chrono::steady_clock::time_point;

/// How much of the log or of memory goes into one apply. A single larger commit goes alone.
struct batch_limits {
  std::size_t records = 4096;
  std::size_t bytes = std::size_t{8} << 20;
};

/// How much of each store a step of a rebuild compares.
struct piece_limits {
  std::size_t documents = 1000;
  std::size_t bytes = std::size_t{4} << 20;
};

/// A rebuild without consent stops before what it deletes or overwrites passes the lesser of them.
struct breaker_limits {
  std::uint64_t percent = 5;
  std::uint64_t documents = 1000;
};

/// What the blocking worker is built from.
struct worker_options {
  std::string name;  ///< the secondary's
  backends::store_location location;
  const backends::engine* engine = nullptr;  ///< of the location's scheme; never null
  backends::foreign_policy foreign = backends::foreign_policy::refuse;
  std::vector<std::string> collections;  ///< patterns; empty: all
  batch_limits batch;
  piece_limits piece;
  breaker_limits breaker;
  /// Wraps the opened store, to measure it or to make it fail.
  std::function<std::shared_ptr<backends::store>(std::shared_ptr<backends::store>)> decorate;
};

/// When the core does what.
struct core_options {
  batch_limits batch;
  std::size_t window_bytes = std::size_t{16} << 20;  ///< of committed groups held in memory
  /// How long a committed group may wait for others to be applied with it. Each apply wakes two
  /// threads, which then compete with the next write.
  std::chrono::milliseconds gather{5};
  std::chrono::milliseconds check_interval{1000};  ///< between syncs and looks at the place
  std::chrono::milliseconds hung_after{10'000};
  std::chrono::milliseconds refused_retry{5'000};  ///< between looks at a place that is not ours
  backoff_options reopen{.most = std::chrono::milliseconds(3000)};
  std::uint64_t seed = std::random_device{}();  ///< of the jitter
};

struct replicator_options {
  worker_options worker;
  core_options core;
  std::string shown_url;  ///< without secrets
  wall_clock now;
  std::chrono::milliseconds judge_timeout{30'000};
  /// Called on the actor's thread at every change of state and once a check interval.
  std::function<void(const messages::secondary_status&)> observe;
  metrics::counter restarts;  ///< of the worker
};

}  // namespace keelson::replicator
