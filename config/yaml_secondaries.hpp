#pragma once

#include <functional>
#include <string>
#include <vector>

#include <yaml-cpp/node/node.h>

#include "config/settings.hpp"

namespace keelson::config {

using yaml_report = std::function<void(const YAML::Node& at, std::string what)>;

/// The list of `{name, url, collections: [patterns], validate: {reads}}`, or of `NAME=URL`. Entries
/// with mistakes are reported, each mistake at its own line, and left out.
[[nodiscard]] std::vector<secondary_settings> read_secondaries(const YAML::Node& list,
                                                               const yaml_report& report);

}  // namespace keelson::config
