#include "actors/replicator/replicator_core.hpp"

#include <algorithm>
#include <utility>

namespace keelson::replicator {

using backends::store_point;

replicator_core::replicator_core(const core_options& options)
    : options_(options),
      backoff_(options.reopen, options.seed),
      window_(options.window_bytes),
      doubts_(options.check_interval) {}

void replicator_core::primary_opened(const log_point& end, sequence base) {
  primary_open_ = true;
  source_retry_at_ = {};
  lag_.epoch_begins(base);
  lost_ = false;  // what is there now may be a later copy, which has the store's history
  judge_anew(end);
}

void replicator_core::primary_closed() {
  primary_open_ = false;
  window_.clear();
}

void replicator_core::committed(const actors::group_ref& group, time_point now) {
  if (group->records.empty()) return;
  lag_.log_ends(group->to);
  lag_.waits_since(group->records.front().time);
  const bool in_use = phase_ == phase::following || phase_ == phase::rebuilding;
  if (in_use && !paused_) window_.push(group, now);
}

void replicator_core::history_broken(const log_point& end) {
  lag_.epoch_begins(end.at.at);
  // Who agreed to a rebuild did not know that the store may hold what the primary has lost.
  agreed_ = consent::limited;
  if (wanted_) wanted_ = consent::limited;
  judge_anew(end);
}

void replicator_core::judge_anew(const log_point& end) {
  lag_.restart(end);
  window_.clear();
  judge_again_ = judging_now_;
  const bool has_point = store_open_ && state_.point.what != store_point::phase::empty;
  if (has_point && !must_close_ && !lost_) phase_ = phase::judging;
}

void replicator_core::finished(step_result result, time_point now) {
  busy_since_.reset();
  hung_ = false;
  if (result) {
    done(*std::move(result), now);
  } else if (result.error().side == step_side::primary) {
    source_failed(std::move(result).error().problem, now);
  } else {
    fail(std::move(result).error().problem, now);
  }
}

void replicator_core::done(step_outcome outcome, time_point now) {
  if (must_close_) {  // the close itself
    must_close_ = store_open_ = false;
    doubts_.forget();
    phase_ = stopping_ ? phase::stopped : phase::waiting;
    return;
  }
  if (outcome.opened) {
    store_open_ = true;
    check_at_ = now + options_.check_interval;
  }
  doubts_.said(outcome.doubt);
  const auto before = state_.point;
  moved_to(outcome);
  const bool at_rest = !unsynced_ && before == state_.point;
  if ((outcome.opened || at_rest) && state_.point.what != store_point::phase::empty) {
    synced_ = state_.point.at.at.at;
  }
  if (outcome.opened) return opened();
  if (phase_ != phase::confirming) waits_for_.clear();
  switch (outcome.verdict) {
    case step_verdict::done:
      if (before != state_.point) {
        wrote();
      } else if (phase_ == phase::following && outcome.log_end && !at_end()) {
        // Memory knows of more than the log shows: not worth a loop without a pause.
        source_retry_at_ = now + options_.check_interval;
      }
      break;
    case step_verdict::rebuilt:
      wrote();
      agreed_ = consent::limited;
      if (phase_ == phase::rebuilding) phase_ = phase::following;
      break;
    case step_verdict::trimmed:
      if (phase_ != phase::judging) start_rebuild(agreed_);
      break;
    case step_verdict::moved:
      if (std::exchange(not_where_thought_, true)) {
        return fail({.code = errc::wrong_position, .detail = "somebody else writes to the store"},
                    now);
      }
      opened();
      break;
    case step_verdict::asks:
      if (phase_ == phase::rebuilding) ask(std::move(outcome.reason));
      break;
    case step_verdict::trusted:
      doubts_.forget();
      break;
  }
  settle();
}

void replicator_core::wrote() {
  unsynced_ = true;
  not_where_thought_ = false;
  recovered();
}

void replicator_core::settle() {
  if (phase_ == phase::following && at_end()) recovered();
}

void replicator_core::recovered() {
  health_ = health::good;
  backoff_.reset();
}

void replicator_core::moved_to(const step_outcome& outcome) {
  const bool begun = wanted_sent_ && outcome.state.point.what == store_point::phase::rebuilding &&
                     outcome.state.point != state_.point;
  if (begun) {
    wanted_.reset();
    wanted_sent_ = false;
  }
  state_ = outcome.state;
  if (outcome.log_end) lag_.log_ends(*outcome.log_end);
  const auto& at = state_.point.at;
  window_.pass(at);
  auto pending = outcome.pending_since;
  if (window_.follows(at)) pending = window_.first_time();
  lag_.stands_at(at, pending);
}

void replicator_core::opened() {
  lost_ = false;
  if (state_.point.what == store_point::phase::empty)
    return start_rebuild(wanted_.value_or(agreed_));
  phase_ = phase::judging;
}

void replicator_core::fail(error problem, time_point now) {
  last_error_ = std::move(problem.detail);
  const bool not_ours = problem.code == errc::store_foreign || problem.code == errc::store_mismatch;
  health_ = not_ours ? health::foreign : health::broken;
  retry_at_ = now + (not_ours ? options_.refused_retry : backoff_.next());
  must_close_ = store_open_;
  doubts_.forget();
  phase_ = phase::waiting;
  unsynced_ = wanted_sent_ = not_where_thought_ = lost_ = false;
  window_.clear();
}

void replicator_core::source_failed(const error& problem, time_point now) {
  last_error_ = waits_for_ = "the primary cannot be read: " + problem.detail;
  source_retry_at_ = now + backoff_.next();
  wanted_sent_ = false;  // a rebuild that has not begun begins again
}

void replicator_core::worker_lost(const std::string& why, time_point now) {
  busy_since_.reset();
  hung_ = store_open_ = false;
  fail({.code = errc::internal, .detail = "the worker ended: " + why}, now);
  if (stopping_) phase_ = phase::stopped;
}

void replicator_core::judged(result<actors::testimony_result> verdict, time_point now) {
  busy_since_.reset();
  judging_now_ = false;
  if (std::exchange(judge_again_, false) || phase_ != phase::judging) return;
  if (!verdict) return source_failed(std::move(verdict).error(), now);
  lag_.log_ends(verdict->end);
  waits_for_.clear();
  if (verdict->verdict == actors::testimony::lost && wanted_ != consent::confirmed) {
    lost_ = true;
    return ask("the store holds a history that the primary does not have (" +
               state_.point.at.at.text() + ")");
  }
  if (wanted_ || verdict->verdict != actors::testimony::known) {
    return start_rebuild(wanted_.value_or(agreed_));
  }
  const bool half = state_.point.what == store_point::phase::rebuilding;
  phase_ = half ? phase::rebuilding : phase::following;
  settle();
}

void replicator_core::start_rebuild(consent agreed) {
  phase_ = phase::rebuilding;
  wanted_ = agreed_ = agreed;
  wanted_sent_ = false;
}

void replicator_core::ask(std::string why) {
  phase_ = phase::confirming;
  waits_for_ = std::move(why);
  window_.clear();
  recovered();
}

doubt_watch::question replicator_core::next_question(time_point now) {
  const bool comparable = store_open_ && !must_close_ && !paused_ && !stopping_;
  if (!comparable || phase_ != phase::following) return doubt_watch::question::none;
  return doubts_.next(now);
}

result<void> replicator_core::pause() {
  paused_ = true;
  window_.clear();
  return {};
}

result<void> replicator_core::resume() {
  paused_ = false;
  return {};
}

result<void> replicator_core::rebuild(consent agreed) {
  if (stopping_) return keelson::fail(errc::unavailable, "the service is stopping");
  if (health_ == health::foreign) return keelson::fail(errc::store_foreign, last_error_);
  if (phase_ == phase::confirming && agreed == consent::limited) {
    return keelson::fail(errc::confirmation_required, waits_for_);
  }
  const bool asked_before = phase_ == phase::confirming && !lost_;
  lost_ = false;
  waits_for_.clear();
  if (phase_ == phase::waiting || phase_ == phase::judging) {
    wanted_ = agreed;
  } else if (asked_before) {  // goes on where the breaker stopped it
    phase_ = phase::rebuilding;
    agreed_ = agreed;
    if (wanted_) wanted_ = agreed;
  } else {
    start_rebuild(agreed);
  }
  return {};
}

void replicator_core::stop() {
  stopping_ = true;
  paused_ = false;
}

}  // namespace keelson::replicator
