#pragma once

#include <optional>
#include <string>
#include <vector>

#include "actors/validator/judgement.hpp"
#include "actors/validator/options.hpp"

namespace keelson::validator {

/// The next piece of a full comparison: from a document on, as far as the limits allow.
struct piece_request {
  std::string collection;             ///< empty: all that the secondary keeps
  std::vector<std::string> patterns;  ///< of the secondary
  std::optional<document_id> after;   ///< exclusive
};

struct piece_result {
  std::optional<document_id> until;  ///< the last document of the range; absent: no end
  bool at_end = false;               ///< nothing is left behind the range
  std::uint64_t equal = 0;
  std::vector<judgement> others;      ///< every document that is not equal
  position from;                      ///< of the primary, when it was read first
  position to;                        ///< of the primary, after all reads
  std::uint64_t documents_total = 0;  ///< on the primary
  std::string unread;                 ///< why the secondary's side could not be read; empty: it was
  std::optional<error> failed;        ///< why the primary could not be read: nothing was compared
};

/// Compares one range. Each side is read in one step with the point it stands at; what is not equal
/// after the log's correction is judged singly. Blocks. Without a secondary every document of the
/// range is unknown.
[[nodiscard]] piece_result compare_piece(backends::primary_reader& primary,
                                         backends::store_reader* secondary,
                                         const piece_request& request, const step_limits& limits);

}  // namespace keelson::validator
