#include "actors/replicator/worker_actor.hpp"

#include <utility>

#include <caf/stateful_actor.hpp>

namespace keelson::replicator {

using namespace messages;

worker_actor::behavior_type run_worker(worker_actor::stateful_pointer<worker_state> self,
                                       worker_options options,
                                       std::shared_ptr<actors::primary_link> primary) {
  auto& worker = self->state.worker.emplace(std::move(options), primary);
  return {
      [&worker](start_atom, const step_order& order) {
        return step_report{worker.run(order.next)};
      },
      [primary = std::move(primary)](closed_atom) { primary->release(); },
      [self](stop_atom) -> stopped_atom {
        self->state.worker.reset();
        self->quit();
        return stopped_atom::value;
      },
  };
}

}  // namespace keelson::replicator
