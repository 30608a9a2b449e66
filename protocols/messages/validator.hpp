#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <caf/fwd.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include "protocols/messages/answer.hpp"
#include "protocols/messages/atoms.hpp"
#include "protocols/messages/status.hpp"
#include "protocols/model/names.hpp"

namespace keelson::messages {

/// The four results of a comparison.
enum class comparison : std::uint8_t { equal, pending, different, unknown };
[[nodiscard]] std::string_view to_string(comparison result) noexcept;

struct secondary_comparison {
  std::string secondary;
  comparison outcome = comparison::unknown;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, secondary_comparison& x) {
    return f(x.secondary, x.outcome);
  }
};

/// One entry a secondary that keeps the document's collection.
struct comparisons {
  std::vector<secondary_comparison> entries;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, comparisons& x) {
    return f(x.entries);
  }
};

/// Reads whose answers have left: to be checked if the budget allows.
struct check_batch {
  std::vector<document_id> ids;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, check_batch& x) {
    return f(x.ids);
  }
};

struct verify_request {
  std::string secondary;   ///< empty: all
  std::string collection;  ///< empty: all

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, verify_request& x) {
    return f(x.secondary, x.collection);
  }
};

/// A pass and its parts go through: running, then equal, different, incomplete or stopped.
enum class pass_state : std::uint8_t { running, equal, different, incomplete, stopped };
[[nodiscard]] std::string_view to_string(pass_state state) noexcept;

struct verify_counts {
  std::uint64_t equal = 0;
  std::uint64_t pending = 0;
  std::uint64_t different = 0;
  std::uint64_t unknown = 0;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, verify_counts& x) {
    return f(x.equal, x.pending, x.different, x.unknown);
  }
};

struct secondary_report {
  std::string name;
  pass_state state = pass_state::running;
  position from;
  position to;
  verify_counts counts;
  std::uint64_t differences_total = 0;
  std::string reason;  ///< of an incomplete state

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, secondary_report& x) {
    return f(x.name, x.state, x.from, x.to, x.counts, x.differences_total, x.reason);
  }
};

struct verify_report {
  std::string id;
  pass_state state = pass_state::running;
  double progress = 0;  ///< 0 to 1
  std::vector<secondary_report> secondaries;
  std::vector<open_difference> differences;  ///< the first 1,000

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, verify_report& x) {
    return f(x.id, x.state, x.progress, x.secondaries, x.differences);
  }
};

struct differences_request {
  std::string pass;
  std::uint64_t after = 0;  ///< how many to leave out
  std::uint32_t limit = 1000;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, differences_request& x) {
    return f(x.pass, x.after, x.limit);
  }
};
struct differences_page {
  std::vector<open_difference> differences;
  std::uint8_t at_end = 0;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, differences_page& x) {
    return f(x.differences, x.at_end);
  }
};

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
