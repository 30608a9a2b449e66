#pragma once

#include <memory>

#include "backends/row_source.hpp"

namespace keelson::client {

/// The lines of a file of JSON objects (`ndjson:PATH`, packed by gzip too), each a row.
[[nodiscard]] result<std::unique_ptr<backends::row_source>> read_ndjson(
    const backends::source_request& request);

}  // namespace keelson::client
