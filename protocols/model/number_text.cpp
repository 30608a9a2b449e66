#include "protocols/model/number_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <span>
#include <system_error>

namespace keelson {

namespace {

constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

constexpr bool is_number_char(char c) noexcept {
  return is_digit(c) || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

template <class Integer>
bool fits(std::string_view literal) noexcept {
  Integer value{};
  const char* const end = literal.data() + literal.size();
  const auto [at, code] = std::from_chars(literal.data(), end, value);
  return code == std::errc{} && at == end;
}

template <class Integer>
void append_integer(json_text_buffer& out, Integer value) {
  std::array<char, 24> text;
  const auto [end, code] = std::to_chars(text.data(), text.data() + text.size(), value);
  out.append({text.data(), end});
}

bool append_integer_literal(json_text_buffer& out, std::string_view literal) {
  // Up to 18 characters no value can be outside int64.
  const bool in_range = literal.size() <= 18 || (literal[0] == '-' ? fits<std::int64_t>(literal)
                                                                   : fits<std::uint64_t>(literal));
  if (in_range) out.append(literal == "-0" ? "0" : literal);
  return in_range;
}

/// True if the literal is its own canonical form: digits, a point, digits of which the last is
/// not 0, at most 15 of them (no two such decimals are the same double, so none is shorter for
/// it), and not small enough for an exponent.
bool is_plain_decimal(std::string_view literal) noexcept {
  if (literal[0] == '-') literal.remove_prefix(1);
  if (literal.size() > 16 || literal.back() == '0' || !is_digit(literal.back())) return false;
  if (literal.starts_with("0.00000")) return false;
  for (const char c : literal) {
    if (!is_digit(c) && c != '.') return false;
  }
  return true;
}

/// The shortest digits that read back as a double, and the place of its point: the value is
/// 0.DIGITS times 10 to `point`, as n and k in ECMA-262, Number::toString.
struct shortest {
  std::array<char, 24> digits;
  std::size_t count = 0;
  int point = 0;

  explicit shortest(double value) noexcept {
    std::array<char, 32> text;
    const auto [end, code] = std::to_chars(text.data(), text.data() + text.size(), std::abs(value),
                                           std::chars_format::scientific);
    const char* at = text.data();
    for (; *at != 'e'; ++at) {
      if (*at != '.') digits[count++] = *at;
    }
    ++at;
    std::from_chars(*at == '+' ? at + 1 : at, end, point);
    ++point;
  }

  [[nodiscard]] std::string_view from(std::size_t first) const noexcept {
    return {digits.data() + first, count - first};
  }
};

/// ECMA-262, Number::toString, for a value that is not written as an integer.
void append_non_integer(json_text_buffer& out, double value) {
  const shortest text(value);
  if (value < 0) out.push_back('-');
  const bool integral = text.point >= static_cast<int>(text.count);
  if (!integral && text.point > 0) {
    const auto point = static_cast<std::size_t>(text.point);
    out.append({text.digits.data(), point});
    out.push_back('.');
    out.append(text.from(point));
  } else if (!integral && text.point > -6) {
    constexpr std::string_view zeros = "0.00000";
    out.append(zeros.substr(0, static_cast<std::size_t>(2 - text.point)));
    out.append(text.from(0));
  } else {
    out.push_back(text.digits[0]);
    if (text.count > 1) out.push_back('.');
    out.append(text.from(1));
    out.push_back('e');
    append_integer(out, text.point - 1);
  }
}

void append_double(json_text_buffer& out, double value) {
  constexpr double two_63 = 9223372036854775808.0;
  if (value == std::trunc(value) && value >= -two_63 && value < 2 * two_63) {
    if (value < 0) {
      append_integer(out, static_cast<std::int64_t>(value));
    } else {
      append_integer(out, static_cast<std::uint64_t>(value));
    }
    return;
  }
  append_non_integer(out, value);
}

bool is_zero(std::string_view literal) noexcept {
  for (const char c : literal) {
    if (c == 'e' || c == 'E') break;
    if (is_digit(c) && c != '0') return false;
  }
  return true;
}

/// Of a run of a number's characters, which begins with a literal.
void shorten_zero_exponent(std::span<char> run) noexcept {
  constexpr std::size_t shortest_refused = 10;
  const std::string_view literal(run.data(), run.size());
  std::size_t first = literal.find_first_of("eE");
  if (first == literal.npos || !is_zero(literal)) return;
  ++first;
  if (first < literal.size() && !is_digit(literal[first])) ++first;
  const std::size_t last = std::min(literal.find_first_not_of("0123456789", first), run.size());
  if (last < first + shortest_refused) return;
  run[first] = '0';
  std::fill(run.begin() + static_cast<std::ptrdiff_t>(first + 1),
            run.begin() + static_cast<std::ptrdiff_t>(last), ' ');
}

}  // namespace

bool append_number(json_text_buffer& out, std::string_view literal, wide_integer wide) {
  const bool integer = literal.find_first_of(".eE") == literal.npos;
  if (integer && append_integer_literal(out, literal)) return true;
  if (integer && wide == wide_integer::refused) return false;
  if (!integer && is_plain_decimal(literal)) {
    out.append(literal);
    return true;
  }
  if (is_zero(literal)) {
    out.push_back('0');
    return true;
  }
  double value = 0;
  const char* const end = literal.data() + literal.size();
  const auto [at, code] = std::from_chars(literal.data(), end, value);
  if (code != std::errc{} || at != end || value == 0 || !std::isfinite(value)) return false;
  append_double(out, value);
  return true;
}

std::size_t number_begin(std::string_view text, std::size_t at) noexcept {
  while (at > 0 && is_number_char(text[at - 1])) --at;
  return at;
}

std::string shorten_zero_exponents(std::string_view text, std::size_t from) {
  std::string changed(text);
  for (std::size_t i = from; i < text.size(); ++i) {
    if (text[i] == '"') {
      for (++i; i < text.size() && text[i] != '"'; ++i) i += text[i] == '\\' ? 1 : 0;
    } else if (is_number_char(text[i])) {
      const std::size_t begin = i;
      while (i + 1 < text.size() && is_number_char(text[i + 1])) ++i;
      shorten_zero_exponent({changed.data() + begin, i + 1 - begin});
    }
  }
  return changed;
}

}  // namespace keelson
