#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Parts of a JSON text as they stand in it. A parser would turn numbers into doubles and back and
/// so print other values than the service holds; these never touch what they hand out.
///
/// The text must be valid JSON for the result to mean anything; with any other input the functions
/// stay within its bounds and return some slice or nothing.
namespace keelson::client {

/// The value of the first member whose name stands as `name` in the text (between its quotes,
/// so a name that needs escapes is passed escaped). Nothing if there is none or `object` is none.
[[nodiscard]] std::optional<std::string_view> json_member(std::string_view object,
                                                          std::string_view name);

/// The elements of an array, in order. Nothing if `array` is none.
[[nodiscard]] std::optional<std::vector<std::string_view>> json_elements(std::string_view array);

/// The elements of the array member `name` of `object`; none if it is missing or no array.
[[nodiscard]] std::vector<std::string_view> json_elements_of(std::string_view object,
                                                             std::string_view name);

/// The names of an object's members as they stand in it, without quotes; empty if it is none.
[[nodiscard]] std::vector<std::string> json_names(std::string_view object);

/// The text that a JSON string stands for. Nothing if `slice` is no string.
[[nodiscard]] std::optional<std::string> json_string(std::string_view slice);

/// The string member `name` of `object`; empty if it is missing or no string.
[[nodiscard]] std::string json_string_member(std::string_view object, std::string_view name);

}  // namespace keelson::client
