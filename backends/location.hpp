#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "backends/registry.hpp"

namespace keelson::backends {

/// What stands before the first ':' of a URL, in lower case; empty if there is none.
[[nodiscard]] std::string scheme_of(std::string_view url);

/// Absent for a broken escape and for U+0000, which no path can hold.
[[nodiscard]] std::optional<std::string> percent_decoded(std::string_view text);

/// Names and values, decoded.
using url_parameters = std::vector<std::pair<std::string, std::string>>;

/// What follows the '?' of `url`. Fails with invalid_parameter, also for one not among `known`.
[[nodiscard]] result<url_parameters> parse_parameters(std::string_view url, std::string_view query,
                                                      std::span<const std::string_view> known);

/// The URL of a store in the file system, taken apart:
///
///     SCHEME:relative/path   SCHEME:/absolute/path   SCHEME:///absolute/path   ...?name=value
///
/// Percent escapes are decoded (`%3F` for a '?' in a path). A host is refused.
struct file_location {
  std::filesystem::path path;  ///< absolute if the data folder is; empty if the URL names none
  url_parameters parameters;
};

/// Fails with invalid_parameter, also for a parameter that is not among `known`.
[[nodiscard]] result<file_location> parse_file_location(const store_location& location,
                                                        std::span<const std::string_view> known);

/// The same for an engine that needs a path and knows no parameters.
[[nodiscard]] result<std::filesystem::path> file_path(const store_location& location);

}  // namespace keelson::backends
