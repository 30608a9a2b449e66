#pragma once

#include <memory>

#include "backends/row_source.hpp"

namespace keelson::backends::redis {

/// The keys of any Redis database that match the pattern `from` (as SCAN takes it), in the order of
/// SCAN. A string that is JSON is that value, any other string a JSON string; a hash is an object
/// of strings, a list and a set (sorted) are arrays of strings, a sorted set is an object of
/// scores. Without a key field the Redis key is the document's, or what stands for the `*` of a
/// pattern such as `city:*`.
[[nodiscard]] result<std::unique_ptr<row_source>> read_rows(const source_request& request);

}  // namespace keelson::backends::redis
