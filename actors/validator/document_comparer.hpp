#pragma once

#include <span>
#include <vector>

#include "actors/validator/judgement.hpp"
#include "actors/validator/options.hpp"

namespace keelson::validator {

struct compared_documents {
  std::vector<judgement> judgements;  ///< one for each id asked for, in that order
  position at;  ///< the furthest position of the primary that was looked at; no epoch: none
};

/// Judges documents singly, against writes that go on meanwhile. Reads both stores, so it blocks.
/// A store that cannot answer makes the documents unknown, with the reason.
[[nodiscard]] compared_documents compare_documents(backends::primary_reader& primary,
                                                   backends::store_reader& secondary,
                                                   std::span<const document_id> ids,
                                                   const step_limits& limits);

/// Judges again what was pending or unknown. What needs a position that the secondary has not
/// reached stays pending without a look.
[[nodiscard]] compared_documents compare_again(backends::primary_reader& primary,
                                               backends::store_reader& secondary,
                                               const std::vector<judgement>& before,
                                               const step_limits& limits);

}  // namespace keelson::validator
