#pragma once

#include <string_view>

#include "backends/registry.hpp"

namespace keelson::backends {

/// What an engine does with what is not ours in the place of an adopted store.
enum class foreign_data : std::uint8_t {
  kept_apart,  ///< ours gets tables of its own beside it
  mixed,       ///< could not be told from ours: such a place is never adopted
};

/// Whether what was found at `where` may be opened as `owner`'s, before anything is written:
/// store_foreign, or store_mismatch for a store of ours of another owner, role or format. Only
/// another owner's and, where it can be kept apart, foreign data can be adopted.
[[nodiscard]] result<void> admit(std::string_view where, const place& found, const ownership& owner,
                                 foreign_policy policy, foreign_data beside);

}  // namespace keelson::backends
