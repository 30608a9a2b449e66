#pragma once

#include "metrics/by_word.hpp"
#include "protocols/messages/write_request.hpp"

namespace keelson::store {

/// Counts the commits that were not made, by the word of the error, if the metric has it. Whoever
/// answers counts, front or worker; thread-safe.
inline void count_refusals(const metrics::by_word<metrics::counter>& by_code,
                           const messages::write_receipts& given) {
  for (const auto& each : given.answers) {
    if (each.failed != 0) by_code.at(to_string(each.problem.code)).add();
  }
}

}  // namespace keelson::store
