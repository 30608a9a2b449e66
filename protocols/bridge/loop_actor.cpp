#include "protocols/bridge/loop_actor.hpp"

#include <utility>

#include <caf/exit_reason.hpp>

namespace keelson::bridge {

loop_actor::loop_actor(caf::actor_config& config, std::shared_ptr<loop_unit> on)
    : caf::event_based_actor(config), on_(std::move(on)) {
  on_->own(this);
  context(on_.get());
}

void loop_actor::enqueue(caf::mailbox_element_ptr message, caf::execution_unit*) {
  caf::event_based_actor::enqueue(std::move(message), on_.get());
}

void loop_actor::launch(caf::execution_unit*, bool, bool) {
  register_at_system();
  initialize();
  mailbox().try_block();  // waits for its first message
}

caf::behavior loop_actor::make_behavior() {
  return {[](const caf::unit_t&) {}};  // it is only answered; an actor without behaviour would end
}

void loop_actor::end() {
  quit(caf::exit_reason::user_shutdown);
  cleanup(caf::exit_reason::user_shutdown, on_.get());
  on_->close();
}

}  // namespace keelson::bridge
