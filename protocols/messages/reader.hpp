#pragma once

#include <caf/fwd.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include "protocols/messages/atoms.hpp"
#include "protocols/messages/read_request.hpp"

namespace keelson::messages {

/// Role: reads documents of one store, the primary or a secondary. Sums of collections are
/// not_supported by a secondary.
using reader = caf::typed_actor<
    caf::replies_to<get_atom, get_batch>::with<get_replies>,
    caf::replies_to<get_many_atom, get_many_request>::with<answer<get_many_reply>>,
    caf::replies_to<list_atom, list_request>::with<answer<list_page>>,
    caf::replies_to<sums_atom, collections_request>::with<answer<collections_reply>>>;

/// Role: reads the primary's log. history_lost when `from` is older than the oldest retained
/// record, wrong_position when the log does not contain it (beyond the end, inside a commit when a
/// chain is given, or another chain).
using log_reader =
    caf::typed_actor<caf::replies_to<log_atom, log_request>::with<answer<log_reply>>>;

}  // namespace keelson::messages
