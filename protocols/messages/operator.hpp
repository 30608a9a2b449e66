#pragma once

#include <cstdint>

#include <caf/fwd.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include "protocols/messages/answer.hpp"
#include "protocols/messages/atoms.hpp"
#include "protocols/messages/component_status.hpp"

namespace keelson::messages {

struct rebuild_request {
  std::uint8_t confirmed = 0;  ///< to what a rebuild deletes and overwrites, however much it is

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, rebuild_request& x) {
    return f(x.confirmed);
  }
};

/// Role: an operator's verbs on one secondary; the answer is its status after them.
///   rebuild: from the beginning, or on from where its breaker stopped it; confirmation_required
///   without confirmation where it waits for that, store_foreign at a place that is not ours.
using secondary_operator = caf::typed_actor<
    caf::replies_to<pause_atom>::with<answer<secondary_status>>,
    caf::replies_to<resume_atom>::with<answer<secondary_status>>,
    caf::replies_to<rebuild_atom, rebuild_request>::with<answer<secondary_status>>>;

}  // namespace keelson::messages
