#pragma once

#include <string_view>

#include "backends/store.hpp"

namespace keelson::backends {

/// Of a primary whose log begins.
[[nodiscard]] primary_meta first_meta(const ownership& owner, std::string_view first_epoch);

}  // namespace keelson::backends
