#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/messages/write_request.hpp"
#include "protocols/wire/limits.hpp"

namespace keelson::wire {

/// How the lines of a bulk load are to be read and written.
struct bulk_form {
  collection_name collection;
  std::string key_field;  ///< empty: lines are `{"key","value"}`; else the value is the whole line
  messages::unmet if_present = messages::unmet::fail;  ///< skip: `?if_absent=true`
};

/// One line as an operation. A key field may also hold an integer.
[[nodiscard]] result<messages::write_operation> parse_bulk_line(std::string_view line,
                                                                const bulk_form& form,
                                                                const content_limits& limits);

struct bulk_failure {
  std::uint64_t line = 0;  ///< from 1
  errc code = errc::internal;
  std::string detail;
};

struct bulk_result {
  std::uint64_t written = 0;
  std::uint64_t skipped = 0;
  std::uint64_t failed_total = 0;
  std::vector<bulk_failure> failed;  ///< the first ones, in the order of lines
  position at;                       ///< of the last commit; an empty epoch: none
};

/// `{"written","skipped","failed_total","failed":[{"line","code","detail"}],"position"}`; position
/// null when no line was written.
[[nodiscard]] std::string bulk_result_text(const bulk_result& result);

}  // namespace keelson::wire
