#include "actors/replicator/log_lag.hpp"

namespace keelson::replicator {

void log_lag::log_ends(const log_point& end) {
  if (end.at.at >= end_.at.at) end_ = end;
}

void log_lag::waits_since(timestamp time) {
  if (!since_) since_ = time;
}

void log_lag::stands_at(const log_point& point, std::optional<timestamp> pending) {
  at_ = point;
  if (at_ == end_) {
    since_.reset();
  } else if (pending) {
    since_ = pending;
  }
}

std::uint64_t log_lag::changes() const {
  const auto at = at_.at.at.value;
  const auto end = end_.at.at.value;
  if (at >= end) return 0;
  if (at >= base_.value) return end - at;
  // An epoch begins this far above the last sequence known before it.
  const auto earlier = at + epoch_distance < base_.value ? base_.value - epoch_distance - at : 0;
  return end - base_.value + earlier;
}

double log_lag::seconds(timestamp now) const {
  if (at_ == end_ || !since_ || now <= *since_) return 0;
  return static_cast<double>(now.microseconds - since_->microseconds) / 1e6;
}

}  // namespace keelson::replicator
