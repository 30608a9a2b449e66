#pragma once

#include <span>

#include "actors/replicator/steps.hpp"
#include "backends/store.hpp"

namespace keelson::replicator {

/// The secondary that a step writes to: where it stands, and whether something waits for a sync.
struct apply_target {
  backends::secondary_session& session;
  backends::store_reader& reader;
  backends::secondary_state& state;
  bool& unsynced;
};

/// Takes the secondary from `target.state` to `next`. A store that stands elsewhere is left as it
/// is: its own state is read, and the verdict is `moved`.
[[nodiscard]] step_result apply(const apply_target& target, backends::secondary_state next,
                                std::span<const backends::row_view> rows);

template <class T>
[[nodiscard]] std::unexpected<step_failure> failed_on(step_side side, result<T>&& failed) {
  return std::unexpected(step_failure{side, std::move(failed).error()});
}

}  // namespace keelson::replicator
