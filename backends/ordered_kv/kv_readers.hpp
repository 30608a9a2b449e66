#pragma once

#include <memory>

#include "backends/ordered_kv/kv_engine.hpp"
#include "backends/store.hpp"

namespace keelson::backends::ordered_kv {

/// Each call reads from a snapshot of its own.
[[nodiscard]] std::unique_ptr<store_reader> make_reader(std::shared_ptr<kv_engine> engine,
                                                        store_role role);
[[nodiscard]] std::unique_ptr<primary_reader> make_primary_reader(
    std::shared_ptr<kv_engine> engine);

}  // namespace keelson::backends::ordered_kv
