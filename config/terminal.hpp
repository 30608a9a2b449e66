#pragma once

#include "protocols/client/console.hpp"

namespace keelson::config {

/// The standard streams as a command uses them: with colours on a terminal, unless NO_COLOR is set
/// or TERM says that it shows none.
[[nodiscard]] client::console standard_console();

}  // namespace keelson::config
