#pragma once

#include <string>
#include <string_view>

#include <bson/bson.h>

#include "protocols/model/error.hpp"

/// Values as BSON, so that MongoDB's own tools read and query them. An integer is an int64, one
/// beyond that a Decimal128, any other number a double. MongoDB before 5.0 takes no name with a '.'
/// in it or a '$' in front, and later ones not everywhere, so names are written with the characters
/// that its manual suggests instead: U+FF04 for a '$' in front and U+FF0E for '.'; these two and
/// U+FF3C in a name get a U+FF3C in front.
namespace keelson::backends::mongo {

/// MongoDB takes documents of 100 levels; ours begin at the second.
inline constexpr std::size_t deepest_value = 96;

/// Appends the canonical value as the member `name`. False if it is too deep for that; `out` then
/// has to be thrown away.
[[nodiscard]] bool append_value(bson_t& out, std::string_view name, std::string_view canonical);

/// The value in canonical form. What we did not write, and no value of ours could be (a date, an
/// object's id, a name twice), comes as MongoDB's extended JSON, and so compares as different.
[[nodiscard]] std::string value_text(const bson_iter_t& member);

[[nodiscard]] std::string escaped_name(std::string_view name);
[[nodiscard]] std::string plain_name(std::string_view name);

}  // namespace keelson::backends::mongo
