#pragma once

#include "backends/registry.hpp"

namespace keelson::backends::sqlite {

/// `sqlite:PATH`: one SQLite database file, as primary or as secondary.
[[nodiscard]] const engine& sqlite_engine();

}  // namespace keelson::backends::sqlite
