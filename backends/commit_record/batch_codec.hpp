#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "backends/store.hpp"

/// The body of a record: the format of backends/ordered_kv/fields.hpp, with these fields in order.
///
///     1 sequence, 2 log record    one pair a record of the log
///     3 index                     a row that is what the log record with this index (from 1) says
///     4 row                       any other row
///     5 key and value, 6 key      a row of the system table to write, to remove
namespace keelson::backends::commit_record {

[[nodiscard]] std::string encode_body(std::span<const row_view> rows,
                                      std::span<const log_record> records,
                                      std::span<const system_write> system);

/// What a body holds. The rows are views into it, also after it was moved.
struct batch_body {
  std::vector<log_record> records;
  std::vector<row_view> rows;
  std::vector<system_write> system;
  std::vector<document> others;  ///< of rows that are not a log record's
};

/// store_corrupt, or store_mismatch for an unknown format number.
[[nodiscard]] result<batch_body> decode_body(std::string_view body);

}  // namespace keelson::backends::commit_record
