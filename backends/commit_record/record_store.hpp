#pragma once

#include <memory>
#include <string_view>

#include "backends/commit_record/record_engine.hpp"
#include "backends/registry.hpp"

namespace keelson::backends::commit_record {

/// Whose store an engine holds.
[[nodiscard]] result<place> look(record_engine& engine);

/// A store over an opened engine, as engine::open of registry.hpp says. What is not ours is refused
/// even when it is to be adopted: it lies where our own would have to. `where` names the place in
/// messages.
[[nodiscard]] result<std::shared_ptr<store>> open_store(
    std::shared_ptr<record_engine> engine, const capabilities& abilities, std::string_view where,
    const ownership& owner, foreign_policy policy, std::string_view first_epoch);

}  // namespace keelson::backends::commit_record
