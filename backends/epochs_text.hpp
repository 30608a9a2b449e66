#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "backends/store.hpp"

namespace keelson::backends {

/// The epochs of a log as a column of SQL holds them: `name:base:chain` of each, oldest first,
/// separated by spaces, the chain in hexadecimal digits.
[[nodiscard]] std::string epochs_text(const primary_meta& meta);

/// Fails with store_corrupt, also when there is none.
[[nodiscard]] result<std::vector<epoch_entry>> parse_epochs(std::string_view text);

}  // namespace keelson::backends
