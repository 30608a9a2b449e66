#include "actors/validator/log_moves.hpp"

#include <algorithm>
#include <utility>

namespace keelson::validator {

namespace {

constexpr std::size_t slice_records = 1024;
constexpr std::size_t slice_bytes = std::size_t{4} << 20;

}  // namespace

result<std::optional<std::vector<log_move>>> read_moves(backends::primary_reader& primary,
                                                        sequence from, sequence to,
                                                        std::size_t most) {
  std::vector<log_move> moves;
  for (auto at = from; at < to;) {
    auto slice = primary.read_log(at, slice_records, slice_bytes);
    if (!slice) return pass_on(std::move(slice));
    if (slice->meta.oldest > at) return std::nullopt;
    if (slice->records.empty()) break;
    for (auto& record : slice->records) {
      if (record.at > to) break;
      if (moves.size() == most) return std::nullopt;
      moves.push_back({record.at, std::move(record.id), record.hash_before, record.hash_after});
    }
    at = slice->records.back().at;
  }
  return moves;
}

result<bool> lies_in_log(backends::primary_reader& primary, const log_point& point) {
  auto meta = primary.meta();
  if (!meta) return pass_on(std::move(meta));
  // An epoch's base is a position that no record has.
  const auto begins_at = [&point](const backends::epoch_entry& epoch) {
    return point == log_point{{epoch.name, epoch.base}, epoch.chain};
  };
  if (std::ranges::any_of(meta->epochs, begins_at)) return true;
  if (point.at.epoch != meta->epoch_of(point.at.at)) return false;
  auto chain = primary.chain_at(point.at.at);
  if (!chain) return pass_on(std::move(chain));
  return chain->has_value() && **chain == point.chain;
}

}  // namespace keelson::validator
