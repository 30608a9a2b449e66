#pragma once

#include <memory>
#include <optional>

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/replicator/secondary_worker.hpp"

namespace keelson::replicator {

struct step_order {
  step next;
};
struct step_report {
  step_result result;
};

/// The thread beside the replicator: a secondary_worker behind messages. Detached, since it blocks.
///   start: do a step; closed: let the session on the primary go if it is no longer attached;
///   stop: close the secondary and end.
using worker_actor =
    caf::typed_actor<caf::replies_to<messages::start_atom, step_order>::with<step_report>,
                     caf::reacts_to<messages::closed_atom>,
                     caf::replies_to<messages::stop_atom>::with<messages::stopped_atom>>;

struct worker_state {
  std::optional<secondary_worker> worker;
  static inline const char* name = "replicator_worker";
};

[[nodiscard]] worker_actor::behavior_type run_worker(
    worker_actor::stateful_pointer<worker_state> self, worker_options options,
    std::shared_ptr<actors::primary_link> primary);

}  // namespace keelson::replicator

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(keelson::replicator::step_order)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(keelson::replicator::step_report)
