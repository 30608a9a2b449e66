#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "actors/validator/log_moves.hpp"
#include "protocols/model/digest.hpp"
#include "protocols/model/document.hpp"

/// Compares what two stores answered for one range of documents, as of the later of the two
/// positions. Pure.
namespace keelson::validator {

/// A document in a range: all that is kept of it.
struct range_entry {
  document_id id;
  keelson::version version;
  hash256 hash;         ///< computed from the bytes read
  hash256 stored_hash;  ///< what the store keeps beside them
};
[[nodiscard]] range_entry entry_of(const document& d);

/// One side's answer, in the order of document_id. Everything up to `before` is in it, changes up
/// to `after` may be; with snapshots the two are the same.
struct range_side {
  std::vector<range_entry> entries;
  sequence before;
  sequence after;
};

struct range_result {
  std::uint64_t equal = 0;            ///< documents, as of the later position
  std::vector<document_id> suspects;  ///< to be judged singly, in order, without repeats
};

/// `moves` are the log's records of the range from the earliest position of the two sides to the
/// latest, or none at all if the log cannot be read so far: then keys are only taken for equal
/// where both answers are. Documents that the log touched while a side was read leave both sums,
/// and so does what the primary's own hash does not match and what the secondary has not got to;
/// they are suspects. A primary that was read earlier is moved by (hash after - hash before) of the
/// other records, and ranges whose digests are not equal are bisected to keys.
[[nodiscard]] range_result compare_range(const range_side& primary, const range_side& secondary,
                                         std::span<const log_move> moves);

}  // namespace keelson::validator
