#pragma once

#include <string>
#include <string_view>

#include "protocols/model/error.hpp"

namespace keelson::config {

/// The token of a client command: a text, or the content of the file behind an `@`, so that no
/// secret stands on a command line. Empty: none. Fails with invalid_parameter, and says nothing of
/// what may be the secret.
[[nodiscard]] result<std::string> token_text(std::string_view given);

}  // namespace keelson::config
