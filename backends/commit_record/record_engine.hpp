#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "backends/store.hpp"

/// A primary and a secondary over any engine whose single records are atomic: no transaction over
/// two records is asked for.
///
/// A batch is committed by inserting one **record** that holds all of it. Records have numbers,
/// dense from 1, and each names the state of the store after it. A writer inserts the number behind
/// the last one that it knows: when somebody else was faster, the number is taken, and it is
/// fenced. (The number stands for the last sequence and for what moves without one: a term, a row
/// of the system table, a trim.) Only then the rows are **raised**: each is written unless what is
/// stored bears the number of the same or a later record. A removal leaves a tombstone with its
/// number. When all rows are raised the record is marked **complete**, and the next may be
/// inserted. So only the newest record can be incomplete: readers lay its rows over the stored
/// ones, and whoever opens the store next raises them again.
///
/// Each record names a **floor**: records below it may be gone, with the tombstones of their
/// numbers, and one that appears there later is void. A writer that was held up can find the number
/// that it wants free again; so it looks at the newest record once more after each insert, and
/// gives up if its own lies below the floor.
namespace keelson::backends::commit_record {

/// What is known of a record without its body.
struct record_head {
  std::uint64_t number = 0;
  std::uint64_t floor = 1;
  sequence last;          ///< of a primary's log after it; never lower than in the record before
  std::string state;      ///< of the store after it: meta of a primary, point of a secondary
  bool complete = false;  ///< its rows are raised
  bool operator==(const record_head&) const = default;
};

struct whole_record {
  record_head head;
  std::string body;
};

/// Rows, and the number of the record that they come from.
struct raised_rows {
  std::uint64_t number = 0;
  std::span<const row_view> rows;
  std::span<const system_write> system;
};

// These take what an engine found; false ends the visit.
using record_visitor = std::function<result<bool>(whole_record)>;
using document_visitor = std::function<result<bool>(document)>;
using row_visitor = std::function<result<bool>(system_row)>;
using document_sink = std::function<result<void>(std::size_t index, document)>;

/// The store's mark, and whether its first record was written.
struct store_sign {
  ownership owner;
  std::uint32_t format = format_number;
  bool filled = false;
};

/// One opened engine; shared by threads. A write that returns is durable, as far as the engine is
/// durable at all. Calls that write fail with outcome_unknown when it may have been done, and with
/// any other code when it surely was not; calls that read fail with unavailable or store_corrupt.
class record_engine {
 public:
  virtual ~record_engine() = default;

  /// Absent: nothing of ours is there. store_foreign: what is there is not ours.
  [[nodiscard]] virtual result<std::optional<store_sign>> sign() = 0;
  /// Prepares an empty place and marks it; false if it has a mark by now.
  [[nodiscard]] virtual result<bool> create(const store_sign& sign) = 0;
  [[nodiscard]] virtual result<void> change_sign(const store_sign& sign) = 0;

  /// The record with the highest number.
  [[nodiscard]] virtual result<std::optional<record_head>> newest() = 0;
  /// False if the number is taken. too_large when the engine cannot hold the body.
  [[nodiscard]] virtual result<bool> insert(const record_head& head, std::string_view body) = 0;
  [[nodiscard]] virtual result<void> complete(std::uint64_t number) = 0;
  /// The first record from `number` on whose `last` is `at` or behind it.
  [[nodiscard]] virtual result<std::optional<std::uint64_t>> seek(std::uint64_t number,
                                                                  sequence at) = 0;
  /// The records from `number` on, in order.
  [[nodiscard]] virtual result<void> visit_records(std::uint64_t number,
                                                   const record_visitor& visit) = 0;
  /// Removes the records and the tombstones with numbers below `floor`.
  [[nodiscard]] virtual result<void> sweep(std::uint64_t floor) = 0;

  /// too_large when the engine cannot hold the row.
  [[nodiscard]] virtual result<void> check(const row_view& row) const = 0;
  [[nodiscard]] virtual result<void> raise(const raised_rows& rows) = 0;
  /// Calls `sink` once for each document that is there, in any order.
  [[nodiscard]] virtual result<void> get(std::span<const document_id> ids,
                                         const document_sink& sink) = 0;
  /// The documents of a range, in its direction. `visit` ends it: after at most
  /// `request.max_documents` documents, so that no more have to be fetched.
  [[nodiscard]] virtual result<void> visit_documents(const scan_request& request,
                                                     const document_visitor& visit) = 0;
  [[nodiscard]] virtual result<std::optional<std::string>> system_value(std::string_view key) = 0;
  /// The rows whose keys begin with `prefix` and lie after `after`, in the order of their bytes.
  /// `visit` ends it after at most `limit` rows.
  [[nodiscard]] virtual result<void> visit_system(std::string_view prefix, std::string_view after,
                                                  std::size_t limit, const row_visitor& visit) = 0;
};

}  // namespace keelson::backends::commit_record
