#pragma once

#include <optional>
#include <string>
#include <string_view>

/// What a line of the log is made of: words `key=value`, divided by one blank each.
namespace keelson {

/// A text of any kind as the value of such a word: between quotes and escaped as in JSON, so that
/// it breaks neither its line nor its word.
[[nodiscard]] std::string log_quoted(std::string_view text);

/// `,"key":"value"` of each word; nothing if `line` does not consist of such words.
[[nodiscard]] std::optional<std::string> log_members(std::string_view line);

}  // namespace keelson
