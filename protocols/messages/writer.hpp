#pragma once

#include <caf/fwd.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include "protocols/messages/atoms.hpp"
#include "protocols/messages/write_request.hpp"

namespace keelson::messages {

/// Role: takes writes. The requests of one sender take effect in the order they were sent.
using writer = caf::typed_actor<caf::replies_to<write_atom, write_batch>::with<write_receipts>>;

}  // namespace keelson::messages
