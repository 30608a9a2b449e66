#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>

#include "actors/feed/feed_ring.hpp"
#include "protocols/model/change_filter.hpp"
#include "protocols/wire/feed_selection.hpp"

namespace keelson::feed {

/// How the changes of a piece are written.
enum class change_form : std::uint8_t {
  array,   ///< `[…],"position":"…"}`: the end of a frame or a page
  events,  ///< server-sent events
};

/// What a subscription wants to get, and in which form. Shared by the pieces made for it.
struct feed_interest {
  change_filter filter;
  wire::change_values values = wire::change_values::with;
  change_form form = change_form::array;
  bool operator==(const feed_interest&) const = default;
};

/// Changes written for those who stand at the same point with the same interest. Immutable.
struct feed_piece {
  std::string text;  ///< empty: nothing passed
  std::size_t changes = 0;
  wire::feed_point point;  ///< behind it
};
using piece_ref = std::shared_ptr<const feed_piece>;

/// The last pieces of one thread: subscribers that stand at the same point share them.
class piece_cache {
 public:
  [[nodiscard]] piece_ref find(const feed_interest& interest, const std::string& epoch,
                               const wire::feed_point& from) const;
  void keep(std::shared_ptr<const feed_interest> interest, const std::string& epoch,
            const wire::feed_point& from, piece_ref piece);

 private:
  struct entry {
    std::shared_ptr<const feed_interest> interest;
    std::string epoch;
    wire::feed_point from;
    piece_ref piece;
  };
  static constexpr std::size_t most = 8;
  std::array<entry, most> entries_;
  std::size_t next_ = 0;
};

/// A part of the feed: not beyond a commit's end, and only documents up to one.
struct feed_bounds {
  sequence until{std::numeric_limits<std::uint64_t>::max()};
  std::optional<document_id> up_to;
};

/// What a pull gave.
enum class pull_outcome : std::uint8_t {
  piece,   ///< changes to send
  moved,   ///< nothing passed so far: pull again
  at_end,  ///< wait for the ring
  behind,  ///< ask for a replay from position() and hand it to take()
  lost,    ///< the history is another one
};
struct pulled {
  pull_outcome what = pull_outcome::at_end;
  piece_ref piece;
};

/// Where one subscription stands in the feed. It owns no queue: what it has to get lies in the
/// ring, or, behind that, in the log. To be used by one thread.
class feed_cursor {
 public:
  feed_cursor(std::shared_ptr<const feed_interest> interest, const position& from)
      : interest_(std::move(interest)), epoch_(from.epoch), point_{from.at, from.at} {}

  /// The next changes, as many as `limits` allow.
  [[nodiscard]] pulled pull(const feed_ring& ring, const wire::selection_limits& limits,
                            piece_cache& cache);
  /// The same within bounds; at_end when `until` is reached.
  [[nodiscard]] pulled pull(const feed_ring& ring, wire::selection_limits limits,
                            const feed_bounds& bounds);
  /// What a replay from position() brought.
  void take(std::shared_ptr<const wire::change_block> replayed) { replayed_ = std::move(replayed); }

  [[nodiscard]] bool holds_replayed() const noexcept { return replayed_ != nullptr; }

  /// From where reading goes on; may lie inside a commit.
  [[nodiscard]] position reached() const { return {epoch_, point_.reached}; }
  /// From where the client can resume: a commit's end (or what it gave itself).
  [[nodiscard]] position resume() const { return {epoch_, point_.resume}; }
  [[nodiscard]] const feed_interest& interest() const noexcept { return *interest_; }

 private:
  [[nodiscard]] pulled pull_replayed(wire::change_selector& selector);
  [[nodiscard]] pulled pull_ring(const feed_ring& ring, wire::change_selector& selector);
  [[nodiscard]] pulled finish(const wire::change_selector& selector, pull_outcome otherwise);

  std::shared_ptr<const feed_interest> interest_;
  std::string epoch_;
  wire::feed_point point_;
  std::shared_ptr<const wire::change_block> replayed_;
};

}  // namespace keelson::feed
