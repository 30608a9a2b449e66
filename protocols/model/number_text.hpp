#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "protocols/model/json_text_buffer.hpp"

namespace keelson {

/// What an integer literal outside int64 and uint64 is.
enum class wide_integer : std::uint8_t {
  refused,
  number,  ///< a double, as what stands for one where a store writes numbers without exponents
};

/// Appends the canonical form of a JSON number literal (RFC 8259, section 6, already checked).
/// False, and nothing appended, if it is out of range: an integer literal outside int64 and
/// uint64 (unless it counts as a double), a double that overflows, or one that becomes 0 though its
/// significand is not.
[[nodiscard]] bool append_number(json_text_buffer& out, std::string_view literal,
                                 wide_integer wide = wide_integer::refused);

/// Where the number literal begins that `at` is inside or just behind of.
[[nodiscard]] std::size_t number_begin(std::string_view text, std::size_t at) noexcept;

/// A copy of `text` of equal length in which, from `from` on (outside of any string), each zero
/// with an exponent of ten digits and more has exponent 0 and spaces behind. Boost.JSON refuses
/// an exponent beyond int32, but 0e9999999999 is 0.
[[nodiscard]] std::string shorten_zero_exponents(std::string_view text, std::size_t from);

}  // namespace keelson
