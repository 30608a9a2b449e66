#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "protocols/model/document.hpp"

namespace keelson {

enum class change_op : std::uint8_t { put = 1, remove = 2 };

/// One change as the primary's log keeps it.
struct log_record {
  sequence at;
  std::uint8_t ends_commit = 0;  ///< 1 for the last change of its commit
  hash256 chain;                 ///< of the commit, in its last record; zero in the others
  timestamp time;                ///< never going back within a log
  document_id id;
  change_op op = change_op::put;
  version previous;                ///< of the document before the change; 0: there was none
  std::uint64_t bytes_before = 0;  ///< of the value before the change
  hash256 hash_before;             ///< zero: there was no document
  hash256 hash_after;              ///< zero: deleted
  std::string meta;                ///< of the document after the change
  std::string value;               ///< canonical JSON; empty when deleted
  std::string image_before;        ///< empty until a collection asks for it
  std::string principal;
  std::string request_id;
  bool operator==(const log_record&) const = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, log_record& x) {
    return f(x.at, x.ends_commit, x.chain, x.time, x.id, x.op, x.previous, x.bytes_before,
             x.hash_before, x.hash_after, x.meta, x.value, x.image_before, x.principal,
             x.request_id);
  }
};

/// The bytes that a record counts for in bounds of the log: of its value and its names.
[[nodiscard]] inline std::uint64_t log_bytes_of(const log_record& record) noexcept {
  return record.value.size() + record.id.key.text().size() + record.id.collection.text().size();
}

/// A point of a log together with the running hash there. Whoever keeps a position keeps the chain
/// with it, and so notices a history that is not the one it knew.
struct log_point {
  position at;
  hash256 chain;
  bool operator==(const log_point&) const = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, log_point& x) {
    return f(x.at, x.chain);
  }
};

/// The chain before the first commit of a log.
[[nodiscard]] hash256 chain_start(std::string_view log_id);

/// The chain after one commit: over the chain before, the predecessor's sequence, and of each
/// record its sequence, op, collection, key and both hashes.
[[nodiscard]] hash256 chain_next(const hash256& before, sequence predecessor,
                                 std::span<const log_record> commit);

/// The changes of one group in log order, exactly as they were committed. `from` names what came
/// before, so that a receiver sees a gap.
struct committed_group {
  log_point from;
  log_point to;
  std::vector<log_record> records;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, committed_group& x) {
    return f(x.from, x.to, x.records);
  }
};

}  // namespace keelson
