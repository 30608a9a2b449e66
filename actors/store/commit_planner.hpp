#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "actors/store/system_records.hpp"
#include "backends/store.hpp"
#include "protocols/messages/writer.hpp"

namespace keelson::store {

struct planner_limits {
  /// Answers are kept for idempotency keys until either bound is passed.
  std::uint64_t answers = 1'000'000;
  std::int64_t answer_age_microseconds = std::int64_t{24} * 3600 * 1'000'000;
  std::size_t value_bytes = std::size_t{1} << 20;  ///< of a value after a merge patch
};

/// What has to be known of a document to change it. Version 0: there is none.
struct document_head {
  keelson::version version;
  hash256 hash;
  std::uint64_t bytes = 0;  ///< of the value
};

/// What a group is decided over.
struct wanted_rows {
  std::vector<document_id> documents;    ///< each once
  std::vector<bool> whole;               ///< of each: whether the value is wanted, to be patched
  std::vector<std::string> system_keys;  ///< each once
};

/// What is there of it, in the same order.
struct found_rows {
  std::vector<document_head> heads;
  std::vector<std::string> values;  ///< empty where none was wanted
  std::vector<std::optional<std::string>> system;
};

/// The oldest answers kept for idempotency keys, read ahead of the group that may remove them.
struct aged_answers {
  std::vector<backends::system_row> rows;
  timestamp now;  ///< by which they are judged
};

/// A group as it will be committed, and what each request is told when it is durable.
/// `rows` view into `records`: the object is moved as a whole or not at all.
struct planned_group {
  std::vector<log_record> records;
  std::vector<backends::row_view> rows;
  std::vector<backends::system_write> system;
  backends::primary_meta next;
  log_point from;
  std::vector<messages::answer<messages::write_receipt>> answers;  ///< one a request
  struct origin {
    std::uint32_t request;
    std::uint32_t operation;
  };
  std::vector<origin> origins;  ///< of each record

  [[nodiscard]] bool changes_something() const noexcept { return !records.empty(); }
};

/// The keys that the requests of a group touch, without repetition.
[[nodiscard]] wanted_rows rows_wanted(std::span<const messages::write_request> requests);

/// Decides a group: preconditions, statuses, merge patches, idempotency, repeated keys, sequences,
/// hashes and the chain. Pure. A request that fails fails alone and leaves no trace. Values of puts
/// are moved out of `requests`; restore_values() brings them back when the group has to be decided
/// again. Fails only when a row of ours cannot be read.
[[nodiscard]] result<planned_group> plan_group(std::span<messages::write_request> requests,
                                               const wanted_rows& wanted, const found_rows& found,
                                               const backends::primary_meta& meta, timestamp now,
                                               const aged_answers& aged,
                                               const planner_limits& limits);

/// Undoes the moves of plan_group for a group that was not committed.
void restore_values(planned_group& plan, std::span<messages::write_request> requests);

}  // namespace keelson::store
