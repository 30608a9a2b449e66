#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <caf/fwd.hpp>

#include "actors/contracts.hpp"
#include "actors/feed/feed_actor.hpp"
#include "actors/replicator/replicator.hpp"
#include "actors/spawn_worker.hpp"
#include "actors/store/reader_front.hpp"
#include "actors/store/writer_front.hpp"
#include "actors/system/phased_stop.hpp"
#include "actors/validator/validator_front.hpp"

namespace keelson::system {

struct assembly_options {
  store::primary_options primary;
  std::size_t readers = 2;  ///< threads that read the primary; a secondary has one
  metrics::counter reader_restarts;
  std::vector<replicator::replicator_options> secondaries;
  validator::validator_options validator;
  feed::feed_options feed;
  std::size_t ring_bytes = feed::feed_ring::default_max_bytes;
  actors::worker_thread threads = actors::worker_thread::own;
};

struct secondary_part {
  std::string name;
  replicator::replicator_actor replicator;
  store::reader_front reader;
};

/// The actors of one service by role, wired to each other. None has opened a store yet.
struct assembly {
  store::writer_front writer;
  store::reader_front reader;
  std::shared_ptr<feed::feed_ring> ring;
  feed::feed_actor feed;
  validator::validator_front validator;
  std::vector<secondary_part> secondaries;
};

/// Spawns and wires everything; the service opens its primary on the writer's `start`.
[[nodiscard]] assembly assemble(caf::actor_system& system, assembly_options options);

/// What the phases of a stop may take, and all of them together.
struct stop_budget {
  static constexpr std::chrono::milliseconds writer{3000};
  static constexpr std::chrono::milliseconds replicators{2000};
  static constexpr std::chrono::milliseconds readers{1000};
  static constexpr std::chrono::milliseconds all = writer + replicators + readers;
};

/// The order in which a service stops, once no request comes in any more: what was acknowledged is
/// drained to the primary, the replicators flush, then those who only read.
[[nodiscard]] std::vector<stop_phase> stop_order(const assembly& parts);

}  // namespace keelson::system
