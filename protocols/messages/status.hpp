#pragma once

#include <caf/fwd.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include "protocols/messages/atoms.hpp"
#include "protocols/messages/component_status.hpp"

namespace keelson::messages {

/// Roles: say how a component is.
using primary_reporter = caf::typed_actor<caf::replies_to<status_atom>::with<primary_status>>;
using secondary_reporter = caf::typed_actor<caf::replies_to<status_atom>::with<secondary_status>>;
using validator_reporter = caf::typed_actor<caf::replies_to<status_atom>::with<validator_status>>;

}  // namespace keelson::messages
