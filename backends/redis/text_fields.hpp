#pragma once

#include <array>
#include <charconv>
#include <optional>
#include <string_view>

#include "protocols/model/hash.hpp"

/// Numbers and hashes as the texts of Redis' fields.
namespace keelson::backends::redis {

using hash_digits = std::array<char, 64>;
[[nodiscard]] hash_digits digits_of(const hash256& hash);
[[nodiscard]] inline std::string_view view_of(const hash_digits& text) {
  return {text.data(), text.size()};
}

/// Whether it is one; else `into` may be anything.
bool read_hash(std::string_view digits, hash256& into);
template <class Number>
bool read_number(std::string_view text, Number& into) {
  const auto* const end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, into);
  return failure == std::errc() && stop == end;
}

[[nodiscard]] inline std::string_view or_empty(std::optional<std::string_view> text) {
  return text.value_or(std::string_view());
}

}  // namespace keelson::backends::redis
