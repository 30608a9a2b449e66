#pragma once

#include "backends/registry.hpp"

namespace keelson::backends::postgres {

/// `postgresql://user@host:port/database?…`: one store a database, in the schema `keelson`.
[[nodiscard]] const engine& postgres_engine();

}  // namespace keelson::backends::postgres
