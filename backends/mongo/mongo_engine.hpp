#pragma once

#include "backends/registry.hpp"

namespace keelson::backends::mongo {

/// `mongodb://HOST/DATABASE`: a server or a replica set of MongoDB, through libmongoc.
[[nodiscard]] const engine& mongo_engine();

}  // namespace keelson::backends::mongo
