#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace keelson::config {

/// Insertions, deletions, replacements and swaps of neighbours that lead from one text to the
/// other, none of which touches the same byte twice (optimal string alignment).
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

/// The name that was probably meant, empty if none is near: at most a third of it is wrong, or it
/// goes on where the text stops at a part's end.
[[nodiscard]] std::string_view nearest(std::string_view text, std::span<const std::string> names);

/// `; did you mean 'NAME'?`, or nothing.
[[nodiscard]] std::string did_you_mean(std::string_view text, std::span<const std::string> names);

}  // namespace keelson::config
