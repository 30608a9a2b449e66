#pragma once

#include <caf/atom.hpp>

/// The verbs of all roles. At most 10 characters; the text is part of the type.
namespace keelson::messages {

using write_atom = caf::atom_constant<caf::atom("write")>;
using get_atom = caf::atom_constant<caf::atom("get")>;
using get_many_atom = caf::atom_constant<caf::atom("get_many")>;
using list_atom = caf::atom_constant<caf::atom("list")>;
using sums_atom = caf::atom_constant<caf::atom("sums")>;
using log_atom = caf::atom_constant<caf::atom("log")>;
using resolve_atom = caf::atom_constant<caf::atom("resolve")>;
using replay_atom = caf::atom_constant<caf::atom("replay")>;
using check_atom = caf::atom_constant<caf::atom("check")>;
using compare_atom = caf::atom_constant<caf::atom("compare")>;
using verify_atom = caf::atom_constant<caf::atom("verify")>;
using report_atom = caf::atom_constant<caf::atom("report")>;
using differ_atom = caf::atom_constant<caf::atom("differ")>;
using cancel_atom = caf::atom_constant<caf::atom("cancel")>;
using status_atom = caf::atom_constant<caf::atom("status")>;
using pause_atom = caf::atom_constant<caf::atom("pause")>;
using resume_atom = caf::atom_constant<caf::atom("resume")>;
using rebuild_atom = caf::atom_constant<caf::atom("rebuild")>;
using witness_atom = caf::atom_constant<caf::atom("witness")>;
using opened_atom = caf::atom_constant<caf::atom("opened")>;
using closed_atom = caf::atom_constant<caf::atom("closed")>;
using commit_atom = caf::atom_constant<caf::atom("committed")>;
using trimmed_atom = caf::atom_constant<caf::atom("trimmed")>;
using replace_atom = caf::atom_constant<caf::atom("replaced")>;
using follow_atom = caf::atom_constant<caf::atom("follow")>;
using hold_atom = caf::atom_constant<caf::atom("hold")>;
using start_atom = caf::atom_constant<caf::atom("start")>;
using stop_atom = caf::atom_constant<caf::atom("stop")>;
using stopped_atom = caf::atom_constant<caf::atom("stopped")>;
using tick_atom = caf::atom_constant<caf::atom("tick")>;

}  // namespace keelson::messages
