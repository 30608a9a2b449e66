#pragma once

#include <memory>

#include "backends/row_source.hpp"

namespace keelson::backends::postgres {

/// The rows of a table or view of any PostgreSQL database, each as row_to_json() gives it, in the
/// order of the key column. `from` is a name as SQL writes it, of the schema public unless it says
/// another. A page is a statement of its own, so it is for a key column that has an index.
[[nodiscard]] result<std::unique_ptr<row_source>> read_rows(const source_request& request);

}  // namespace keelson::backends::postgres
