#pragma once

#include <functional>
#include <memory>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/fwd.hpp>

namespace keelson::bridge {

/// A request to be made by an actor, since only actors can ask actors.
using errand = std::shared_ptr<std::move_only_function<void(caf::event_based_actor&)>>;

/// Makes the requests of one gateway and passes their answers on. Cooperative; never blocks.
[[nodiscard]] caf::behavior courier(caf::event_based_actor* self);

}  // namespace keelson::bridge

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(keelson::bridge::errand)
