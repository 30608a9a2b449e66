#include "actors/replicator/doubt_watch.hpp"

#include <utility>

namespace keelson::replicator {

using messages::pass_state;

void doubt_watch::said(const std::string& reason) {
  if (reason_.empty()) reason_ = reason;
}

void doubt_watch::forget() {
  reason_.clear();
  pass_.clear();
  complete_ = waiting_ = false;
}

doubt_watch::question doubt_watch::next(time_point now) {
  if (reason_.empty() || complete_ || waiting_ || now < again_) return question::none;
  waiting_ = true;
  ++asked_;
  return pass_.empty() ? question::pass : question::report;
}

bool doubt_watch::answered(std::uint64_t asked, time_point now) {
  if (!waiting_ || asked != asked_) return false;
  waiting_ = false;
  again_ = now + interval_;
  return true;
}

void doubt_watch::began(std::uint64_t asked, result<std::string> pass, time_point now) {
  if (answered(asked, now) && pass) pass_ = *std::move(pass);
}

void doubt_watch::reported(std::uint64_t asked, const result<messages::verify_report>& report,
                           time_point now) {
  if (!answered(asked, now)) return;
  const auto state = report ? report->state : pass_state::stopped;
  if (state == pass_state::running) return;
  complete_ = state == pass_state::equal || state == pass_state::different;
  pass_.clear();
}

}  // namespace keelson::replicator
