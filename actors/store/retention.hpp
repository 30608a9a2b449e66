#pragma once

#include <optional>
#include <span>

#include "actors/store/primary_options.hpp"
#include "backends/store.hpp"

namespace keelson::store {

/// What followers still need of the log: everything after the least of these sequences.
using held_after = std::optional<sequence>;

/// True when the log holds more changes or bytes than have to be kept, so that a look at its
/// oldest records is worth the read.
[[nodiscard]] bool may_trim(const backends::primary_meta& meta, const retention_limits& limits,
                            held_after held);

/// The last of these oldest records that may go, at a commit's end; absent: none may. What is held
/// is kept until the log passes its bound in bytes.
[[nodiscard]] std::optional<sequence> trim_bound(const backends::primary_meta& meta,
                                                 std::span<const log_record> oldest, timestamp now,
                                                 const retention_limits& limits, held_after held);

}  // namespace keelson::store
