#pragma once

#include <memory>

#include "backends/row_source.hpp"

namespace keelson::backends::sqlite {

/// The rows of a table or view of any SQLite database, each an object with a member a column, in
/// the order of the key column. Integers and reals are numbers, text is a string, a column that is
/// declared as JSON is what it holds, a blob the string `\x` and hexadecimal digits.
[[nodiscard]] result<std::unique_ptr<row_source>> read_rows(const source_request& request);

}  // namespace keelson::backends::sqlite
