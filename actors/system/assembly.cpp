#include "actors/system/assembly.hpp"

#include <utility>

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>

namespace keelson::system {

using messages::follow_atom;

namespace {

/// A narrower role of the same actor.
template <class Role, class Actor>
Role as(const Actor& actor) {
  return caf::actor_cast<Role>(actor);
}

/// The readers of one secondary, and the replicator that tells them when it is open.
secondary_part add_secondary(caf::actor_system& system, const assembly& parts,
                             replicator::replicator_options options, metrics::counter restarts,
                             actors::worker_thread threads) {
  secondary_part part{.name = options.worker.name};
  part.reader = system.spawn(
      store::run_reader_front,
      store::reader_options{.store = part.name, .workers = 1, .restarts = restarts}, threads);
  const std::vector users{as<actors::store_user>(part.reader),
                          as<actors::store_user>(parts.validator)};
  part.replicator = system.spawn(replicator::run_replicator, std::move(options),
                                 as<replicator::primary_desk>(parts.writer),
                                 as<replicator::comparison_desk>(parts.validator), users, threads);
  caf::anon_send(parts.writer, follow_atom::value, as<actors::primary_follower>(part.replicator));
  return part;
}

}  // namespace

assembly assemble(caf::actor_system& system, assembly_options options) {
  assembly parts;
  const auto clock = options.primary.now;
  const auto threads = options.threads;
  parts.reader = system.spawn(
      store::run_reader_front,
      store::reader_options{.workers = options.readers, .restarts = options.reader_restarts},
      threads);
  parts.ring = std::make_shared<feed::feed_ring>(options.ring_bytes);
  parts.feed = system.spawn(feed::run_feed, parts.ring, as<messages::log_reader>(parts.reader),
                            options.feed);
  parts.validator =
      system.spawn(validator::run_validator, std::move(options.validator), clock, threads);
  for (const auto& each : options.secondaries) {
    options.primary.holders.push_back(each.worker.name);
  }
  parts.writer = system.spawn(store::run_writer_front, std::move(options.primary), threads);
  // Readers first: who hears of an opening may ask them at once.
  caf::anon_send(parts.writer, follow_atom::value, as<actors::store_user>(parts.reader));
  caf::anon_send(parts.writer, follow_atom::value, as<actors::store_user>(parts.validator));
  caf::anon_send(parts.writer, follow_atom::value, as<actors::primary_follower>(parts.feed));
  for (auto& one : options.secondaries) {
    parts.secondaries.push_back(
        add_secondary(system, parts, std::move(one), options.reader_restarts, threads));
  }
  return parts;
}

std::vector<stop_phase> stop_order(const assembly& parts) {
  std::vector<stop_phase> phases{
      {"writer", {as<actors::stoppable>(parts.writer)}, stop_budget::writer},
      {"replicators", {}, stop_budget::replicators},
      {"readers",
       {as<actors::stoppable>(parts.validator), as<actors::stoppable>(parts.feed),
        as<actors::stoppable>(parts.reader)},
       stop_budget::readers}};
  for (const auto& secondary : parts.secondaries) {
    phases[1].members.push_back(as<actors::stoppable>(secondary.replicator));
    phases[2].members.push_back(as<actors::stoppable>(secondary.reader));
  }
  return phases;
}

}  // namespace keelson::system
