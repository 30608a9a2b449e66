#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "protocols/model/error.hpp"

namespace keelson {

/// Deepest nesting of arrays and objects that is accepted unless the limits say otherwise.
inline constexpr std::size_t default_json_depth = 64;

/// The canonical form of one JSON text: the one input of every hash and comparison.
/// Fails with invalid_json, number_out_of_range or too_large (the depth); the detail says at
/// which byte. The rules and their sources are in docs/canonical-json.md.
[[nodiscard]] result<std::string> canonicalise(std::string_view text,
                                               std::size_t max_depth = default_json_depth);

/// The canonical form that a store was given, from what it makes of the same value: members in its
/// own order, white space, and numbers without exponents, so that an integer literal of any length
/// is a double where it fits no integer. For texts out of a store, never for a client's: no limit
/// of depth. Fails as canonicalise() does.
[[nodiscard]] result<std::string> restore_canonical(std::string_view text);

/// RFC 7396: the canonical form of `patch` (canonical) applied to `target` (canonical).
[[nodiscard]] result<std::string> merge_patch(std::string_view target, std::string_view patch,
                                              std::size_t max_depth = default_json_depth);

/// Appends `text` (valid UTF-8) as a JSON string in canonical form, quotes included.
void append_json_string(std::string& out, std::string_view text);

/// True for well-formed UTF-8 without U+0000 (RFC 3629: no surrogates, no overlong forms).
[[nodiscard]] bool is_clean_utf8(std::string_view text) noexcept;

}  // namespace keelson
