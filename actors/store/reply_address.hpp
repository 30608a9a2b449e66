#pragma once

#include <utility>
#include <vector>

#include <caf/actor_control_block.hpp>
#include <caf/message_id.hpp>
#include <caf/response_promise.hpp>

namespace keelson::store {

/// Where the answer to one request goes, as something that can be handed to another actor: a
/// promise of CAF's belongs to the actor that made it. Empty: nobody waits.
class reply_address {
 public:
  reply_address() = default;
  /// The promise is not to be used any more.
  explicit reply_address(const caf::response_promise& open)
      : source_(open.source()), stages_(open.stages()), id_(open.id()) {}

  /// Answers as `self`, once.
  template <class Reply>
  void answer(const caf::strong_actor_ptr& self, Reply reply) {
    caf::response_promise(self, std::move(source_), std::move(stages_), id_)
        .deliver(std::move(reply));
  }

 private:
  caf::strong_actor_ptr source_;
  caf::response_promise::forwarding_stack stages_;
  caf::message_id id_;
};

}  // namespace keelson::store
