#pragma once

#include <caf/fwd.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include "protocols/messages/atoms.hpp"
#include "protocols/messages/feed_request.hpp"

namespace keelson::messages {

/// Role: the log as clients see it. history_lost (with the oldest position) for a position of
/// another epoch, beyond the end, or older than the log.
using feed =
    caf::typed_actor<caf::replies_to<resolve_atom, since>::with<answer<resolved>>,
                     caf::replies_to<replay_atom, replay_request>::with<answer<replay_slice>>,
                     caf::replies_to<status_atom>::with<feed_status>>;

}  // namespace keelson::messages
