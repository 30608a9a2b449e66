#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "actors/primary_link.hpp"
#include "actors/replicator/apply.hpp"
#include "actors/replicator/options.hpp"
#include "actors/replicator/rebuild_plan.hpp"
#include "actors/replicator/steps.hpp"

namespace keelson::replicator {

/// One rebuild between the opening of a secondary and its closing: a survey that writes nothing,
/// unless an operator has agreed, and then piece after piece. Begun again, it goes on from what the
/// store says. Its own memory is only how far the survey came and what it allows.
class rebuild_run {
 public:
  rebuild_run(const worker_options& options, rebuild_start start)
      : options_(options), start_(start) {}

  /// Does one step; blocks.
  [[nodiscard]] step_result advance(actors::primary_link& primary, const apply_target& target,
                                    consent agreed);

 private:
  [[nodiscard]] step_result survey_step(actors::primary_link& primary, const apply_target& target);
  [[nodiscard]] step_result begin(actors::primary_link& primary, const apply_target& target);
  [[nodiscard]] step_result copy_step(actors::primary_link& primary, const apply_target& target,
                                      consent agreed);
  [[nodiscard]] bool over_limit(const harm& damage) const;
  [[nodiscard]] step_outcome ask(const apply_target& target, const harm& damage) const;

  const worker_options& options_;
  rebuild_start start_;
  std::optional<document_id> surveyed_;  ///< up to here; absent: the survey has not begun
  bool surveyed_all_ = false;
  std::uint64_t documents_ = 0;  ///< of the secondary, before the rebuild
  harm damage_;                  ///< of the survey, then of what was written
};

}  // namespace keelson::replicator
