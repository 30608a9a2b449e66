#include "actors/feed/replay_run.hpp"

#include <algorithm>
#include <span>

namespace keelson::feed {
namespace {

constexpr std::uint64_t piece_records = 4096;

}  // namespace

replay_run::replay_run(messages::replay_request request) : request_(std::move(request)) {
  slice_.to = request_.from;
}

messages::log_request replay_run::next() const {
  const auto left = request_.max_records - std::min<std::uint64_t>(request_.max_records, scanned_);
  return {
      .from = {.at = slice_.to},
      .max_records = static_cast<std::uint32_t>(std::clamp<std::uint64_t>(left, 1, piece_records))};
}

result<replay_run::progress> replay_run::take(messages::log_reply& piece) {
  const auto oldest = oldest_position(piece);
  if (oldest.epoch != slice_.to.epoch || slice_.to.at < oldest.at) {
    return std::unexpected(error{.code = errc::history_lost,
                                 .detail = "the log does not reach back to this position",
                                 .oldest = oldest.text()});
  }
  slice_.end = piece.end.at;
  auto& records = piece.group.records;
  if (records.empty()) return progress::done;
  for (auto commit = records.begin(); commit != records.end();) {
    auto last = std::ranges::find_if(commit, records.end(),
                                     [](const auto& r) { return r.ends_commit != 0; });
    if (last == records.end()) {
      return fail(errc::store_corrupt, "the log gave a commit without its end");
    }
    ++last;
    take_commit({commit, last});
    commit = last;
    if (slice_.changes.size() >= request_.max_changes || bytes_ >= request_.max_bytes ||
        scanned_ >= request_.max_records) {
      return progress::done;
    }
  }
  return slice_.to.at >= slice_.end.at ? progress::done : progress::more;
}

void replay_run::take_commit(std::span<log_record> commit) {
  const auto end = commit.back().at;
  for (auto& record : commit) {
    if (!request_.filter.passes(record.id)) continue;
    bytes_ += record.value.size() + record.id.key.text().size();
    slice_.changes.push_back(std::move(record));
    slice_.commit_ends.push_back(end);
  }
  scanned_ += commit.size();
  slice_.to.at = end;
}

position oldest_position(const messages::log_reply& log) {
  return {log.end.at.epoch, std::max(log.oldest, log.base)};
}

}  // namespace keelson::feed
