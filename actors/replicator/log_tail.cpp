#include "actors/replicator/log_tail.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <span>
#include <utility>

namespace keelson::replicator {

namespace {

std::unexpected<error> not_this_history(const log_point& from) {
  return fail(errc::history_lost, "the log does not go on from " + from.at.text());
}

/// A commit goes on from the point's sequence, or from the base of an epoch that begins there.
bool follows(const backends::primary_meta& meta, const log_point& from, sequence predecessor) {
  return predecessor == from.at.at ||
         std::ranges::any_of(meta.epochs, [&](const backends::epoch_entry& epoch) {
           return epoch.base == predecessor && epoch.base > from.at.at;
         });
}

/// A slice may end with a commit that takes it beyond the limit: it is left for the next one.
void cut(std::vector<log_record>& records, std::size_t limit) {
  if (records.size() <= limit) return;
  const auto most = records.begin() + static_cast<std::ptrdiff_t>(limit);
  const auto last = std::find_if(std::reverse_iterator(most), records.rend(),
                                 [](const log_record& each) { return each.ends_commit != 0; });
  if (last != records.rend()) records.erase(last.base(), records.end());
}

}  // namespace

result<log_tail> read_tail(backends::primary_reader& reader, const log_point& from,
                           const batch_limits& limits) {
  auto slice = reader.read_log(from.at.at, limits.records, limits.bytes);
  if (!slice) return pass_on(std::move(slice));
  log_tail tail{.meta = std::move(slice->meta)};
  if (tail.meta.oldest > from.at.at) {
    tail.trimmed = true;
    return tail;
  }
  tail.records = std::move(slice->records);
  cut(tail.records, limits.records);
  if (tail.records.empty()) {
    tail.end = tail.meta.end();
    const bool same = tail.meta.last >= from.at.at && tail.meta.chain == from.chain;
    if (!same) return not_this_history(from);
    return tail;
  }
  const auto end = std::ranges::find(tail.records, 1, &log_record::ends_commit);
  if (end == tail.records.end()) return fail(errc::store_corrupt, "a commit without an end");
  const sequence predecessor{tail.records.front().at.value - 1};
  const std::span first(tail.records.begin(), end + 1);
  if (!follows(tail.meta, from, predecessor) ||
      chain_next(from.chain, predecessor, first) != end->chain) {
    return not_this_history(from);
  }
  const auto& last = tail.records.back();
  tail.end = {{tail.meta.epoch_of(last.at), last.at}, last.chain};
  return tail;
}

}  // namespace keelson::replicator
