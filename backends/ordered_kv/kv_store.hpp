#pragma once

#include <memory>
#include <string_view>

#include "backends/ordered_kv/kv_engine.hpp"
#include "backends/registry.hpp"

namespace keelson::backends::ordered_kv {

/// Whose store an engine holds, judged by what can be read in it: empty without any key, ours with
/// a readable mark, foreign with anything else.
[[nodiscard]] result<place> look(kv_view& view);

/// A store over an opened engine, as engine::open of registry.hpp says; the mark and a new
/// primary's or secondary's row are written if the engine is empty. An engine that holds keys but
/// no mark is refused even when it is to be adopted: two owners cannot share one space of keys.
/// `where` names the place in messages.
[[nodiscard]] result<std::shared_ptr<store>> open_store(
    std::shared_ptr<kv_engine> engine, const capabilities& abilities, std::string_view where,
    const ownership& owner, foreign_policy policy, std::string_view first_epoch);

}  // namespace keelson::backends::ordered_kv
