#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "actors/validator/judgement.hpp"
#include "protocols/messages/component_status.hpp"

namespace keelson::validator {

/// Orders what happened: the number under which a look began, or a result arrived.
using ordinal = std::uint64_t;

/// What of a secondary a pass compared in one piece.
struct settled_range {
  std::string collection;            ///< empty: all
  std::optional<document_id> after;  ///< exclusive
  std::optional<document_id> until;  ///< inclusive; absent: no end
};

/// The differences that are open: found by a comparison, and by no later one found gone. And since
/// when each document could not be compared. Bounded: what goes over it is not kept. Pure.
class ledger {
 public:
  explicit ledger(std::size_t bound) : bound_(bound) {}

  /// Takes a judgement in that arrived as `arrived`, from a look that began as `began`. True if it
  /// opened a difference, which is to be counted and logged. Equal closes one, unless it was found
  /// after the look began; pending changes nothing, unknown keeps what is known.
  [[nodiscard]] bool take(const std::string& secondary, const judgement& judged, ordinal began,
                          ordinal arrived, timestamp now);
  /// Closes everything in a range that was compared whole, but what was not equal there.
  void settle(const std::string& secondary, const settled_range& range,
              const std::set<document_id>& not_equal, ordinal began);

  [[nodiscard]] std::uint64_t open_total() const noexcept { return by_age_.size(); }
  [[nodiscard]] std::uint64_t open_on(const std::string& secondary) const;
  /// When the oldest open difference of a secondary was found.
  [[nodiscard]] std::optional<timestamp> oldest_on(const std::string& secondary) const;
  [[nodiscard]] std::uint64_t unknown_total() const noexcept { return unknown_.size(); }
  /// When the document that has been unknown for longest became so.
  [[nodiscard]] std::optional<timestamp> unknown_since() const;
  /// The oldest first.
  [[nodiscard]] std::vector<messages::open_difference> oldest(std::size_t most) const;

 private:
  using place = std::pair<std::string, document_id>;  // secondary, document
  struct entry {
    messages::open_difference shown;
    std::uint64_t serial;
    ordinal confirmed;
  };
  using entries = std::map<place, entry>;

  entries::iterator close(entries::iterator at);

  std::size_t bound_;
  entries open_;
  std::map<std::string, std::uint64_t> open_on_;
  std::map<std::uint64_t, place> by_age_;
  std::uint64_t next_serial_ = 0;
  std::map<place, timestamp> unknown_;
};

[[nodiscard]] messages::open_difference shown(const std::string& secondary, const judgement& judged,
                                              timestamp found);

}  // namespace keelson::validator
