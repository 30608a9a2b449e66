#include "actors/replicator/apply.hpp"

#include <utility>

namespace keelson::replicator {

step_result apply(const apply_target& target, backends::secondary_state next,
                  std::span<const backends::row_view> rows) {
  auto applied = target.session.apply(
      {.expected = target.state.point, .next = next.point, .rows = rows, .counts = next.counts});
  if (applied) {
    target.state = std::move(next);
    target.unsynced = true;
    return step_outcome{.state = target.state};
  }
  if (applied.error().code != errc::wrong_position) {
    return failed_on(step_side::secondary, std::move(applied));
  }
  auto state = target.session.state();
  if (!state) return failed_on(step_side::secondary, std::move(state));
  target.state = *std::move(state);
  return step_outcome{.verdict = step_verdict::moved, .state = target.state};
}

}  // namespace keelson::replicator
