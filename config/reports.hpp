#pragma once

#include <iosfwd>
#include <span>

#include "backends/registry.hpp"
#include "config/loading.hpp"

namespace keelson::config {

enum class report_form {
  text,  ///< tab-separated columns
  json,  ///< one object a line
};

/// Name, value and source of each setting.
void print_settings(std::ostream& out, std::span<const in_force> rows, report_form form);

/// Scheme, form of the URL, capabilities and a line about each engine; of one that is not in this
/// build, how to have it.
void print_backends(std::ostream& out, report_form form,
                    std::span<const backends::driver> known = backends::drivers());

}  // namespace keelson::config
