#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "protocols/model/change_filter.hpp"
#include "protocols/wire/feed_encoding.hpp"

namespace keelson::wire {

enum class change_values : std::uint8_t { with, without };

/// Where a reader of the feed stands.
struct feed_point {
  sequence reached;  ///< goes on after this change, which may lie inside a commit
  sequence resume;   ///< the last commit's end at or before it: from where a client can go on
  bool operator==(const feed_point&) const = default;
};

/// Where to stop. The first limit met ends a selection.
struct selection_limits {
  /// Of the text; a larger single change goes alone. May stop inside a commit.
  std::size_t frame_bytes = std::numeric_limits<std::size_t>::max();
  /// At the first commit's end at or after so many changes or bytes.
  std::size_t commit_changes = std::numeric_limits<std::size_t>::max();
  std::size_t commit_bytes = std::numeric_limits<std::size_t>::max();
  /// At the first commit's end at or after so many changes looked at.
  std::size_t scanned = 20'000;
  /// A commit's end that is not passed.
  sequence until{std::numeric_limits<std::uint64_t>::max()};
};

struct selected_change {
  const change_block* block = nullptr;
  const encoded_change* change = nullptr;
  bool more = false;  ///< another change of its commit passes the filter
};

/// Picks, in order, the changes that a reader wants out of blocks that follow each other.
class change_selector {
 public:
  change_selector(const change_filter& filter, change_values values, feed_point from,
                  const selection_limits& limits)
      : filter_(filter), values_(values), limits_(limits), point_(from) {}

  /// Only documents up to this one pass.
  void only_up_to(document_id last) { last_document_ = std::move(last); }

  enum class appetite : std::uint8_t { more, satisfied };
  /// Takes what follows the present point out of `block`; false when a limit was met.
  appetite take(std::shared_ptr<const change_block> block);

  [[nodiscard]] const feed_point& point() const noexcept { return point_; }
  [[nodiscard]] const std::vector<selected_change>& changes() const noexcept { return changes_; }
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
  [[nodiscard]] change_values values() const noexcept { return values_; }

 private:
  [[nodiscard]] bool passes(const change_block& block, const encoded_change& change) const;
  [[nodiscard]] std::size_t size_of(const selected_change& selected) const;
  appetite take_commit(const change_block& block, std::span<const encoded_change> commit);
  [[nodiscard]] bool satisfied() const;

  const change_filter& filter_;
  change_values values_;
  selection_limits limits_;
  std::optional<document_id> last_document_;
  feed_point point_;
  std::vector<std::shared_ptr<const change_block>> blocks_;
  std::vector<selected_change> changes_;
  std::size_t bytes_ = 0;
  std::size_t scanned_ = 0;
};

/// `[…]`, the selected changes.
void append_change_array(std::string& out, const change_selector& selection);

/// Server-sent events: one for each change, `id:` with the commit's position on the last passing
/// change of each commit.
void append_change_events(std::string& out, const change_selector& selection);

}  // namespace keelson::wire
