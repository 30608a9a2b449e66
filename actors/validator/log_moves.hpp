#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "backends/store.hpp"

namespace keelson::validator {

/// What one log record did to a set of documents.
struct log_move {
  sequence at;
  document_id id;
  hash256 before;  ///< zero: there was no document
  hash256 after;   ///< zero: deleted
};

/// The moves after `from` up to and including `to`, in order. Absent when the log no longer
/// reaches back to `from`, or when there are more than `most`. A store's error otherwise.
[[nodiscard]] result<std::optional<std::vector<log_move>>> read_moves(
    backends::primary_reader& primary, sequence from, sequence to, std::size_t most);

/// Whether a point that a secondary claims lies in the primary's retained log, so that its
/// sequence means what it says. Call it after the point was read.
[[nodiscard]] result<bool> lies_in_log(backends::primary_reader& primary, const log_point& point);

}  // namespace keelson::validator
