#pragma once

#include <optional>
#include <string>
#include <vector>

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/contracts.hpp"
#include "actors/validator/store_pair.hpp"

namespace keelson::validator {

struct check_job {
  std::vector<document_id> ids;
};
struct relook_job {
  std::vector<judgement> before;
};

/// A worker that compares the primary with one secondary. It blocks, so it has a thread of its own;
/// one job is out at a time. It is told of its secondary; the primary it has through the link.
///   closed: of the secondary lets it go, of the primary the session on it.
///   check: some documents; compare: a piece of a pass, or what a pass left open, again.
///   stop: lets the stores go and ends.
using comparer = actors::store_user::extend<
    caf::replies_to<messages::check_atom, check_job>::with<compared_documents>,
    caf::replies_to<messages::compare_atom, piece_request>::with<piece_result>,
    caf::replies_to<messages::compare_atom,
                    relook_job>::with<compared_documents>>::extend_with<actors::stoppable>;

struct comparer_state {
  std::optional<store_pair> stores;
  static inline const char* name = "comparer";
};

[[nodiscard]] comparer::behavior_type run_comparer(
    comparer::stateful_pointer<comparer_state> self, const std::string& secondary,
    const step_limits& limits, const std::shared_ptr<actors::primary_link>& primary);

}  // namespace keelson::validator

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(keelson::validator::check_job)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(keelson::validator::relook_job)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(keelson::validator::compared_documents)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(keelson::validator::piece_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(keelson::validator::piece_result)
