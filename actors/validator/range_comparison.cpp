#include "actors/validator/range_comparison.hpp"

#include <algorithm>
#include <map>

namespace keelson::validator {

namespace {

/// What is known of one key: a digest of no or one document for each side, the earlier one moved.
struct cell {
  set_digest primary;
  set_digest secondary;
  bool single = false;  ///< leaves the sums
};
using cells = std::map<document_id, cell>;

struct keyed_cell {
  const document_id* id;
  const cell* sums;
};

bool within(sequence at, const range_side& side) {
  return side.before < at && at <= side.after;
}

void move_earlier(cells& all, const range_side& primary, const range_side& secondary,
                  std::span<const log_move> moves) {
  const auto from = std::min(primary.after, secondary.after);
  const auto to = std::max(primary.after, secondary.after);
  const bool primary_is_earlier = primary.after < secondary.after;
  for (const auto& move : moves) {
    auto& at = all[move.id];
    if (within(move.at, primary) || within(move.at, secondary)) at.single = true;
    if (move.at <= from || move.at > to) continue;
    if (primary_is_earlier) {
      at.primary.move(move.before, move.after);
    } else {
      at.single = true;  // the secondary has not got that far: it is pending, not equal
    }
  }
}

void bisect(std::span<const keyed_cell> range, range_result& out) {
  set_digest primary;
  set_digest secondary;
  for (const auto& [id, sums] : range) {
    primary.merge(sums->primary);
    secondary.merge(sums->secondary);
  }
  if (primary == secondary) {
    out.equal += static_cast<std::uint64_t>(primary.count());
  } else if (range.size() == 1) {
    out.suspects.push_back(*range.front().id);
  } else {
    bisect(range.first(range.size() / 2), out);
    bisect(range.subspan(range.size() / 2), out);
  }
}

}  // namespace

range_entry entry_of(const document& d) {
  return {.id = d.id, .version = d.version, .hash = computed_hash(d), .stored_hash = d.hash};
}

range_result compare_range(const range_side& primary, const range_side& secondary,
                           std::span<const log_move> moves) {
  cells all;
  for (const auto& entry : primary.entries) {
    auto& at = all[entry.id];
    at.primary.add(entry.hash);
    at.single = entry.hash != entry.stored_hash;
  }
  for (const auto& entry : secondary.entries) all[entry.id].secondary.add(entry.hash);
  move_earlier(all, primary, secondary, moves);

  range_result out;
  std::vector<keyed_cell> summed;
  for (const auto& [id, sums] : all) {
    if (sums.single) {
      out.suspects.push_back(id);
    } else {
      summed.push_back({&id, &sums});
    }
  }
  bisect(summed, out);
  std::ranges::sort(out.suspects);
  return out;
}

}  // namespace keelson::validator
