#pragma once

#include <cstdint>
#include <optional>

#include "protocols/model/log_record.hpp"

namespace keelson::replicator {

/// How far a store is behind the end of the log.
class log_lag {
 public:
  /// The log ends here, or by now beyond it.
  void log_ends(const log_point& end);
  /// The log ends here, whatever was known before.
  void restart(const log_point& end) { end_ = end; }
  void epoch_begins(sequence base) { base_ = base; }
  /// The log has a change of this time that is not applied.
  void waits_since(timestamp time);
  /// The store stands at `point`; no change that is still to be applied is older than `pending`.
  void stands_at(const log_point& point, std::optional<timestamp> pending);

  [[nodiscard]] const log_point& end() const noexcept { return end_; }
  /// The distance between two epochs is not counted.
  [[nodiscard]] std::uint64_t changes() const;
  /// Since the oldest change that is not applied; 0 when there is none.
  [[nodiscard]] double seconds(timestamp now) const;

 private:
  log_point end_;
  sequence base_;
  log_point at_;
  std::optional<timestamp> since_;
};

}  // namespace keelson::replicator
