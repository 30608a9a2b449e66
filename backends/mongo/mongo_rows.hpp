#pragma once

#include <memory>

#include "backends/row_source.hpp"

namespace keelson::backends::mongo {

/// The documents of the collection `from` of any MongoDB database, in the order of `_id`, each in
/// relaxed extended JSON (mongodb.com/docs/manual/reference/mongodb-extended-json). Without a key
/// field the key is `_id`: text, a number's digits or an ObjectId's.
[[nodiscard]] result<std::unique_ptr<row_source>> read_rows(const source_request& request);

}  // namespace keelson::backends::mongo
