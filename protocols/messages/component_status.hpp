#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/model/log_record.hpp"

namespace keelson::messages {

/// The state of a component in one word, for `/readyz`, status, metrics and logs.
enum class component_state : std::uint8_t {
  starting,
  serving,      ///< a primary
  live,         ///< a secondary that follows from memory
  catching_up,  ///< from the log
  rebuilding,
  paused,
  broken,                 ///< waits for its next try
  hung,                   ///< a call has not returned for 10 s
  confirmation_required,  ///< waits for an operator
  foreign,                ///< the place is not ours
  stopped,
};
[[nodiscard]] std::string_view to_string(component_state state) noexcept;

/// The states of a primary, and those of a secondary: what metrics, the description of the API and
/// the operator's guide list.
inline constexpr std::array primary_states{component_state::starting, component_state::serving,
                                           component_state::broken,   component_state::hung,
                                           component_state::foreign,  component_state::stopped};
inline constexpr std::array secondary_states{
    component_state::starting,    component_state::live,
    component_state::catching_up, component_state::rebuilding,
    component_state::paused,      component_state::broken,
    component_state::hung,        component_state::confirmation_required,
    component_state::foreign,     component_state::stopped};
/// Their words, in their order.
[[nodiscard]] std::vector<std::string_view> words_of(std::span<const component_state> states);

/// Evidence that committed history was lost or replaced.
struct history_replaced {
  log_point known;      ///< what somebody had seen of the lost branch
  log_point found;      ///< the log's end when that was noticed
  std::string seen_by;  ///< `mark`, or a secondary's name
  timestamp at;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, history_replaced& x) {
    return f(x.known, x.found, x.seen_by, x.at);
  }
};

struct primary_status {
  std::string url;  ///< without secrets
  component_state state = component_state::starting;
  std::string reason;
  std::vector<std::string> capabilities;
  std::string log_id;
  position at;
  position oldest;  ///< the smallest position that `since` accepts
  std::uint64_t documents = 0;
  std::uint64_t bytes = 0;
  std::uint64_t queued_commits = 0;
  std::uint64_t queued_bytes = 0;
  std::vector<history_replaced> replaced;  ///< at most one: the last

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, primary_status& x) {
    return f(x.url, x.state, x.reason, x.capabilities, x.log_id, x.at, x.oldest, x.documents,
             x.bytes, x.queued_commits, x.queued_bytes, x.replaced);
  }
};

struct secondary_status {
  std::string name;
  std::string url;
  component_state state = component_state::starting;
  std::string reason;  ///< of the state
  position applied;    ///< an empty epoch: none
  std::uint64_t lag_changes = 0;
  double lag_seconds = 0;
  std::string last_error;
  std::uint64_t documents = 0;
  std::uint64_t bytes = 0;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, secondary_status& x) {
    return f(x.name, x.url, x.state, x.reason, x.applied, x.lag_changes, x.lag_seconds,
             x.last_error, x.documents, x.bytes);
  }
};

struct open_difference {
  std::string secondary;
  document_id id;
  std::string kind;  ///< missing, surplus, stale, differing; corrupt on the primary
  version primary_version;
  version secondary_version;
  timestamp found;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, open_difference& x) {
    return f(x.secondary, x.id, x.kind, x.primary_version, x.secondary_version, x.found);
  }
};

struct validator_status {
  std::uint64_t checks = 0;         ///< of single reads, since start
  std::uint64_t checks_let_go = 0;  ///< over the budget or the queue's bound
  std::uint64_t unknown = 0;
  std::uint64_t queued = 0;
  std::string running_pass;    ///< id; empty: none
  double progress = 0;         ///< 0 to 1, of the running pass
  std::string last_full_pass;  ///< id; empty: none
  std::string last_full_state;
  timestamp last_full_at;
  std::uint64_t open_total = 0;
  std::vector<open_difference> open;  ///< the oldest first, at most 100

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, validator_status& x) {
    return f(x.checks, x.checks_let_go, x.unknown, x.queued, x.running_pass, x.progress,
             x.last_full_pass, x.last_full_state, x.last_full_at, x.open_total, x.open);
  }
};

}  // namespace keelson::messages
