#pragma once

#include <memory>

#include <caf/event_based_actor.hpp>

#include "protocols/bridge/loop_unit.hpp"

namespace keelson::bridge {

/// The actor through which one IO thread asks others. It lives on that thread: it may be used there
/// at any time, not only from its handlers, and answers reach it without another thread between.
class loop_actor final : public caf::event_based_actor {
 public:
  loop_actor(caf::actor_config& config, std::shared_ptr<loop_unit> on);

  using caf::event_based_actor::enqueue;
  void enqueue(caf::mailbox_element_ptr message, caf::execution_unit* from) override;
  void launch(caf::execution_unit* from, bool lazy, bool hide) override;
  [[nodiscard]] const char* name() const override { return "gateway"; }

  /// Ends it at once, on its thread and outside of its handlers; open requests are forgotten.
  void end();

 private:
  caf::behavior make_behavior() override;

  const std::shared_ptr<loop_unit> on_;
};

}  // namespace keelson::bridge
