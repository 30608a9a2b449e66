#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Parts of a canonical text as they stand in it. What is handed out is canonical too, so a value
/// never passes through a parser that knows numbers only as doubles.
namespace keelson::wire {

struct slice {
  std::string_view text;
  std::size_t depth = 0;  ///< levels of arrays and objects in it
};

struct member_slice {
  std::string_view name;  ///< as it stands between the quotes
  slice value;
};

/// The members of an object in their order; nothing if `text` is none.
[[nodiscard]] std::optional<std::vector<member_slice>> object_members(std::string_view text);

/// The elements of an array; nothing if `text` is none.
[[nodiscard]] std::optional<std::vector<slice>> array_elements(std::string_view text);

/// What a string stands for; nothing if `text` is none.
[[nodiscard]] std::optional<std::string> string_value(std::string_view text);

}  // namespace keelson::wire
