#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/messages/answer.hpp"
#include "protocols/messages/component_status.hpp"
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

}  // namespace keelson::messages
