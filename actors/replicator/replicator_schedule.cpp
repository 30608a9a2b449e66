#include <algorithm>
#include <utility>

#include "actors/replicator/replicator_core.hpp"

/// The half of the core that only looks: what comes next, when, and what is to be seen of it.
namespace keelson::replicator {

using backends::store_point;
using messages::component_state;

std::optional<step> replicator_core::next(time_point now) {
  if (busy_since_) {
    hung_ = hung_ || (!judging_now_ && now >= *busy_since_ + options_.hung_after);
    return std::nullopt;
  }
  auto chosen = stopping_ ? choose_stopping() : choose(now);
  if (!chosen) return std::nullopt;
  busy_since_ = now;
  judging_now_ = std::holds_alternative<judge_step>(*chosen);
  if (std::holds_alternative<close_step>(*chosen)) must_close_ = true;
  if (std::holds_alternative<check_step>(*chosen)) {
    check_at_ = now + options_.check_interval;
    unsynced_ = false;
  }
  return chosen;
}

std::optional<step> replicator_core::choose_stopping() {
  if (store_open_ && !must_close_) {
    if (phase_ == phase::following && window_.follows(state_.point.at)) {
      return groups_step{window_.first(options_.batch)};
    }
    if (unsynced_) return check_step{};
  }
  if (store_open_) return close_step{};
  phase_ = phase::stopped;
  return std::nullopt;
}

std::optional<step> replicator_core::choose(time_point now) {
  if (must_close_) return close_step{};
  if (!store_open_) {
    const bool due = phase_ == phase::waiting && primary_open_ && now >= retry_at_;
    return due ? std::optional<step>(open_step{}) : std::nullopt;
  }
  if (now >= check_at_) return check_step{};
  if (doubts_.settled()) return trust_step{};
  return paused_ ? std::nullopt : choose_data(now);
}

std::optional<step> replicator_core::choose_data(time_point now) {
  const bool source_ready = primary_open_ && now >= source_retry_at_;
  switch (phase_) {
    case phase::judging:
      if (source_ready) return judge_step{state_.point.at};
      break;
    case phase::following:
      if (const auto due = apply_at()) {
        if (now < *due) return std::nullopt;
        return groups_step{window_.first(options_.batch)};
      }
      if (source_ready && !at_end()) return follow_step{};
      break;
    case phase::rebuilding:
      if (!source_ready) break;
      if (wanted_ && !std::exchange(wanted_sent_, true)) {
        return rebuild_step{rebuild_start::anew, agreed_};
      }
      return rebuild_step{rebuild_start::resume, agreed_};
    default:
      break;
  }
  return std::nullopt;
}

std::optional<time_point> replicator_core::apply_at() const {
  if (!window_.follows(state_.point.at)) return std::nullopt;
  return window_.first_seen() + options_.gather;
}

std::optional<time_point> replicator_core::wake_at(time_point now) const {
  if (stopped()) return std::nullopt;
  if (busy_since_) {
    if (hung_ || judging_now_) return std::nullopt;
    return *busy_since_ + options_.hung_after;
  }
  if (!store_open_) {
    return primary_open_ ? std::optional(retry_at_) : std::nullopt;
  }
  auto wake = check_at_;
  if (primary_open_ && source_retry_at_ > now) wake = std::min(wake, source_retry_at_);
  const auto due = phase_ == phase::following && !paused_ ? apply_at() : std::nullopt;
  return due ? std::min(wake, *due) : wake;
}

component_state replicator_core::state() const {
  if (stopped()) return component_state::stopped;
  if (hung_) return component_state::hung;
  if (health_ == health::foreign) return component_state::foreign;
  if (health_ == health::broken) return component_state::broken;
  if (phase_ == phase::confirming) return component_state::confirmation_required;
  if (paused_) return component_state::paused;
  switch (phase_) {
    case phase::following: {
      const bool from_memory = at_end() || window_.follows(state_.point.at);
      return from_memory ? component_state::live : component_state::catching_up;
    }
    case phase::rebuilding:
      return component_state::rebuilding;
    default:
      return component_state::starting;
  }
}

std::string replicator_core::reason() const {
  switch (state()) {
    case component_state::broken:
    case component_state::foreign:
      return last_error_;
    case component_state::hung:
      return "a call on the store has not returned for " +
             std::to_string(options_.hung_after.count() / 1000) + " s";
    case component_state::live:
      return doubts_.reason().empty() ? std::string() : "in doubt: " + doubts_.reason();
    case component_state::stopped:
      return {};
    default:
      return primary_open_ ? waits_for_ : "the primary is not open";
  }
}

messages::secondary_status replicator_core::status(timestamp now) const {
  return {.state = state(),
          .reason = reason(),
          .applied = state_.point.at.at,
          .lag_changes = lag_.changes(),
          .lag_seconds = lag_.seconds(now),
          .last_error = last_error_,
          .documents = state_.counts.documents,
          .bytes = state_.counts.bytes};
}

}  // namespace keelson::replicator
