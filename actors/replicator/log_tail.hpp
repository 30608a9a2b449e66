#pragma once

#include <vector>

#include "actors/replicator/options.hpp"
#include "backends/store.hpp"

namespace keelson::replicator {

/// What the log has after a point: whole commits, proven to go on from there.
struct log_tail {
  backends::primary_meta meta;
  std::vector<log_record> records;
  log_point end;         ///< after the last record, or the log's end if there is none
  bool trimmed = false;  ///< the log does not reach back to the point; nothing else is set
  [[nodiscard]] bool at_end() const { return end.at.at == meta.last; }
};

/// Reads on from a point. The chain of the first commit must follow from that of the point: fails
/// with history_lost if this is not the history that the point is of.
[[nodiscard]] result<log_tail> read_tail(backends::primary_reader& reader, const log_point& from,
                                         const batch_limits& limits);

}  // namespace keelson::replicator
