#pragma once

#include <string_view>

#include "protocols/model/error.hpp"

namespace keelson::wire {

/// `{"confirm"?}` of an operator's verb; an empty body is `{}`.
[[nodiscard]] result<bool> parse_confirmation(std::string_view body);

/// The body of a verb that takes none: nothing, or `{}`.
[[nodiscard]] result<void> parse_nothing(std::string_view body);

}  // namespace keelson::wire
