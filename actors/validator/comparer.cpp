#include "actors/validator/comparer.hpp"

#include <caf/stateful_actor.hpp>

namespace keelson::validator {

using namespace messages;

comparer::behavior_type run_comparer(comparer::stateful_pointer<comparer_state> self,
                                     const std::string& secondary, const step_limits& limits,
                                     const std::shared_ptr<actors::primary_link>& primary) {
  auto& stores = self->state.stores.emplace(limits, primary);
  return {
      [&stores, secondary](opened_atom, const actors::opened_store& opened) {
        if (opened.name == secondary) stores.open_secondary(opened.store);
      },
      [&stores, primary, secondary](closed_atom, const std::string& name) {
        if (name == actors::primary_name) primary->release();
        if (name == secondary) stores.close_secondary();
      },
      [&stores](check_atom, const check_job& job) { return stores.compare(job.ids); },
      [&stores](compare_atom, const piece_request& piece) { return stores.compare_piece(piece); },
      [&stores](compare_atom, const relook_job& job) { return stores.compare_again(job.before); },
      [self](stop_atom) -> stopped_atom {
        self->state.stores.reset();
        self->quit();
        return stopped_atom::value;
      },
  };
}

}  // namespace keelson::validator
