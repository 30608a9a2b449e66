#include "actors/validator/pass_part.hpp"

#include <algorithm>
#include <utility>

namespace keelson::validator {

using messages::pass_state;

pass_part::pass_part(const compared_secondary& secondary, std::string collection,
                     const validator_options& options)
    : options_(options),
      request_{.collection = std::move(collection), .patterns = secondary.collections} {
  report_.name = secondary.name;
}

pass_step pass_part::next(moment now) {
  if (!running()) return pass_step::finish;
  if (scanning_) return pass_step::piece;
  const bool over = now >= scan_end_ + options_.pending_grace;
  if (over || (round_.empty() && waiting_.empty())) {
    finish();
    return pass_step::finish;
  }
  if (round_.empty() && now >= next_round_) {
    round_.swap(waiting_);
    next_round_ = now + options_.relook_interval;
  }
  return round_.empty() ? pass_step::wait : pass_step::relook;
}

const std::vector<judgement>& pass_part::take_relook(std::size_t most) {
  while (!round_.empty() && looked_at_.size() < most) {
    looked_at_.push_back(std::move(round_.front()));
    round_.pop_front();
  }
  return looked_at_;
}

void pass_part::add_piece(const piece_result& piece, moment now) {
  if (!running()) return;
  if (report_.from.epoch.empty()) report_.from = piece.from;
  if (!piece.to.epoch.empty()) report_.to = piece.to;
  if (piece.failed) {
    report_.reason = "the primary could not be read: " + piece.failed->detail;
    return finish();
  }
  if (!piece.unread.empty() && report_.reason.empty()) {
    report_.reason = "the secondary could not be read: " + piece.unread;
  }
  report_.counts.equal += piece.equal;
  for (const auto& judged : piece.others) count(judged);
  seen_ += piece.equal + piece.others.size();
  total_ = piece.documents_total;
  request_.after = piece.until;
  scanning_ = !piece.at_end;
  scan_end_ = now;
  next_round_ = now;
}

void pass_part::add_relook(const std::vector<judgement>& judged, const position& to) {
  if (!running()) return;
  looked_at_.clear();
  if (!to.epoch.empty()) report_.to = to;
  for (const auto& one : judged) count(one);
}

void pass_part::count(const judgement& judged) {
  auto& counts = report_.counts;
  switch (judged.outcome) {
    case comparison::equal:
      if (judged.counts()) ++counts.equal;
      return;
    case comparison::different:
      ++counts.different;
      ++report_.differences_total;
      return;
    case comparison::pending:
    case comparison::unknown:
      if (waiting_.size() + round_.size() < options_.pass_waiting) {
        waiting_.push_back(judged);
      } else {
        ++(judged.outcome == comparison::pending ? counts.pending : counts.unknown);
      }
      return;
  }
}

void pass_part::stop() {
  if (running()) settle(pass_state::stopped);
}

void pass_part::finish() {
  const auto counts = report().counts;
  if (counts.unknown + counts.pending > 0 && report_.reason.empty()) {
    report_.reason = std::to_string(counts.pending) + " documents pending, " +
                     std::to_string(counts.unknown) + " unknown";
  }
  settle(!report_.reason.empty() ? pass_state::incomplete
         : counts.different > 0  ? pass_state::different
                                 : pass_state::equal);
}

void pass_part::settle(pass_state state) {
  report_ = report();
  report_.state = state;
  looked_at_.clear();
  waiting_.clear();
  round_.clear();
}

messages::secondary_report pass_part::report() const {
  auto out = report_;
  const auto add = [&out](const judgement& judged) {
    ++(judged.outcome == comparison::pending ? out.counts.pending : out.counts.unknown);
  };
  std::ranges::for_each(looked_at_, add);
  std::ranges::for_each(round_, add);
  std::ranges::for_each(waiting_, add);
  return out;
}

double pass_part::progress() const noexcept {
  if (!running()) return 1;
  const auto all = std::max(total_, seen_);
  return all == 0 ? 0 : static_cast<double>(seen_) / static_cast<double>(all);
}

}  // namespace keelson::validator
