#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "actors/contracts.hpp"
#include "backends/store.hpp"

/// What the core has done for it, one step at a time, and what comes of that.
namespace keelson::replicator {

/// Looks whose place it is and opens it if it may be ours.
struct open_step {};
/// Asked of the witness stand, not of the worker.
struct judge_step {
  log_point at;
};
/// Applies the next piece of the log.
struct follow_step {};
/// Applies what came through memory; the first group's `from` is where the store stands.
struct groups_step {
  std::vector<actors::group_ref> groups;
};

enum class rebuild_start : std::uint8_t { resume, anew };
/// Whether an operator has agreed to what a rebuild may delete and overwrite.
enum class consent : std::uint8_t { limited, confirmed };
/// Does a piece of a rebuild.
struct rebuild_step {
  rebuild_start start = rebuild_start::resume;
  consent agreed = consent::limited;
};
/// Makes durable what was applied, and looks whether the place is still the one that was opened.
struct check_step {};
/// Tells the store that all documents were compared since it said what it doubts.
struct trust_step {};
struct close_step {};

using step = std::variant<open_step, judge_step, follow_step, groups_step, rebuild_step, check_step,
                          trust_step, close_step>;

enum class step_verdict : std::uint8_t {
  done,
  rebuilt,  ///< the rebuild is complete
  trimmed,  ///< the log does not reach back to the store's point
  moved,    ///< the store did not stand where it was thought to; nothing was written
  asks,     ///< the rebuild's breaker has stopped it; nothing was written
  trusted,  ///< of trust_step
};

struct step_outcome {
  step_verdict verdict = step_verdict::done;
  backends::secondary_state state;          ///< as the store stands now; not with close_step
  std::optional<log_point> log_end;         ///< when the log was read
  std::optional<timestamp> pending_since;   ///< no change that is still to be applied is older
  std::string reason;                       ///< of step_verdict::asks
  std::string doubt;                        ///< that the store has; of open_step and check_step
  std::shared_ptr<backends::store> opened;  ///< with open_step
};

/// Which store a step failed on. After a failure of the secondary it has to be opened again.
enum class step_side : std::uint8_t { secondary, primary };
struct step_failure {
  step_side side = step_side::secondary;
  error problem;
};

using step_result = std::expected<step_outcome, step_failure>;

}  // namespace keelson::replicator
