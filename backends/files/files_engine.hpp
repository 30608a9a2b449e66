#pragma once

#include "backends/registry.hpp"

namespace keelson::backends::files {

/// Secondaries in a folder of files that any editor and jq can read: `COLLECTION.json` is one
/// object of keys and values; versions, times, hashes and the position are in `.keelson/` beside
/// it.
[[nodiscard]] const engine& files_engine();

}  // namespace keelson::backends::files
