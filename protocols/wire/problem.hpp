#pragma once

#include <string>

#include "protocols/model/error.hpp"

namespace keelson::wire {

/// A failure as a problem document (RFC 9457) with our members `code`, and `index`, `version`
/// (null: there is no document) and `oldest` where the failure has them.
[[nodiscard]] std::string problem_text(const error& problem);
/// The same under a status of HTTP's own.
[[nodiscard]] std::string problem_text(const error& problem, unsigned status);

}  // namespace keelson::wire
