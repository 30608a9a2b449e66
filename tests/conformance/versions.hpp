#pragma once

#include <string>
#include <string_view>

namespace keelson::conformance {

/// The library or server that a scheme's engine is tried with in this run, as far as its behaviour
/// depends on it: `SQLite 3.40`.
[[nodiscard]] std::string version_of(std::string_view scheme);

}  // namespace keelson::conformance
