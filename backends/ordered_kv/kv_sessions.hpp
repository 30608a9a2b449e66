#pragma once

#include <memory>

#include "backends/ordered_kv/kv_engine.hpp"
#include "backends/store.hpp"

namespace keelson::backends::ordered_kv {

[[nodiscard]] std::unique_ptr<primary_session> make_primary_session(
    std::shared_ptr<kv_engine> engine);
[[nodiscard]] std::unique_ptr<secondary_session> make_secondary_session(
    std::shared_ptr<kv_engine> engine);

}  // namespace keelson::backends::ordered_kv
