#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "tests/fuzz/json_model.hpp"

namespace keelson::test {

namespace {

std::string printed(const char* format, auto... arguments) {
  char text[512];
  std::snprintf(text, sizeof text, format, arguments...);
  return text;
}

/// Compares two integers without leading zeros by their digits.
bool at_most(std::string_view digits, std::string_view most) {
  return digits.size() < most.size() || (digits.size() == most.size() && digits <= most);
}

struct decimal {
  std::string digits;
  int point;  ///< the value is 0.DIGITS times 10 to this
};

/// The decimal with the fewest digits that reads back as `value`. The nearest of its length comes
/// first; at a power of two, where doubles lie closer below, the one above may do where it does
/// not (ECMA-262, Number::toString, note 1: "k is as small as possible").
decimal fewest_digits(double value) {
  for (int precision = 0;; ++precision) {
    const std::string text = printed("%.*e", precision, value);
    const std::size_t e = text.find('e');
    const int exponent = std::atoi(text.c_str() + e + 1);
    std::string digits = text.substr(0, e);
    digits.erase(std::remove(digits.begin(), digits.end(), '.'), digits.end());
    const std::uint64_t nearest = std::strtoull(digits.c_str(), nullptr, 10);
    for (const std::uint64_t candidate : {nearest, nearest + 1}) {
      digits = std::to_string(candidate);
      const std::string literal = digits + "e" + std::to_string(exponent - precision);
      if (std::strtod(literal.c_str(), nullptr) != value) continue;
      return {digits, exponent - precision + static_cast<int>(digits.size())};
    }
  }
}

/// ECMA-262, Number::toString, cases 6 to 10, for a positive value.
std::string ecma(double value, bool integral) {
  const auto [digits, n] = fewest_digits(value);
  const int k = static_cast<int>(digits.size());
  if (!integral && 0 < n && n < k) {
    const auto point = static_cast<std::size_t>(n);
    return digits.substr(0, point) + "." + digits.substr(point);
  }
  if (!integral && -6 < n && n <= 0)
    return "0." + std::string(static_cast<std::size_t>(-n), '0') + digits;
  const std::string exponent = "e" + std::to_string(n - 1);
  return digits.substr(0, 1) + (k > 1 ? "." + digits.substr(1) : "") + exponent;
}

void write_string(std::string& out, const std::string& text) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\r':
        out += "\\r";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += printed("\\u%04x", static_cast<unsigned>(c));
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

void write(std::string& out, const json_node& node) {
  const char* separator = "";
  switch (node.is) {
    case json_node::kind::scalar:
      out += node.text;
      break;
    case json_node::kind::string:
      write_string(out, node.text);
      break;
    case json_node::kind::array:
      out += '[';
      for (const json_node& item : node.items) {
        out += std::exchange(separator, ",");
        write(out, item);
      }
      out += ']';
      break;
    case json_node::kind::object:
      out += '{';
      for (const auto& [name, value] : node.members) {
        out += std::exchange(separator, ",");
        write_string(out, name);
        out += ':';
        write(out, value);
      }
      out += '}';
      break;
  }
}

}  // namespace

std::expected<std::string, errc> model_number(const std::string& literal) {
  const bool negative = literal[0] == '-';
  const std::string magnitude = literal.substr(negative ? 1 : 0);
  const std::string sign = negative ? "-" : "";
  if (magnitude.find_first_of(".eE") == std::string::npos) {
    if (magnitude == "0") return magnitude;
    if (!at_most(magnitude, negative ? "9223372036854775808" : "18446744073709551615"))
      return std::unexpected(errc::number_out_of_range);
    return literal;
  }
  const std::string significand = magnitude.substr(0, magnitude.find_first_of("eE"));
  if (significand.find_first_of("123456789") == std::string::npos) return "0";
  const double value = std::strtod(magnitude.c_str(), nullptr);
  if (value == 0 || std::isinf(value)) return std::unexpected(errc::number_out_of_range);
  const bool integral = std::floor(value) == value;
  if (integral && value <= (negative ? 0x1p63 : 0x1.fffffffffffffp63))
    return sign + printed("%.0f", value);
  return sign + ecma(value, integral);
}

std::string model_write(const json_node& node) {
  std::string out;
  write(out, node);
  return out;
}

}  // namespace keelson::test
