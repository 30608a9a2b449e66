#pragma once

#include <caf/fwd.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include "protocols/messages/atoms.hpp"
#include "protocols/messages/verification.hpp"

namespace keelson::messages {

/// Role: compares the stores.
///   check: reads to look at later, if there is room; no answer.
///   compare: one document now (`?verify=wait`); unknown at the context's deadline.
///   verify: a full comparison, its id; busy while another asked-for pass runs on that store.
///   report, differ, cancel: of a pass; not_found when there is none of that id.
using validator = caf::typed_actor<
    caf::reacts_to<check_atom, check_batch>,
    caf::replies_to<compare_atom, request_context, document_id>::with<comparisons>,
    caf::replies_to<verify_atom, verify_request>::with<answer<std::string>>,
    caf::replies_to<report_atom, std::string>::with<answer<verify_report>>,
    caf::replies_to<differ_atom, differences_request>::with<answer<differences_page>>,
    caf::replies_to<cancel_atom, std::string>::with<answer<verify_report>>,
    caf::replies_to<status_atom>::with<validator_status>>;

}  // namespace keelson::messages
