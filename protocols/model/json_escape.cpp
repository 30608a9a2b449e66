#include "protocols/model/json_escape.hpp"

#include <string>

#include "protocols/model/canonical_json.hpp"

namespace keelson {

namespace {

unsigned hex_value(char digit) noexcept {
  return static_cast<unsigned>(digit <= '9' ? digit - '0' : digit - 'a' + 10) & 15;
}

/// Takes one byte of meaning off the front of a canonical string that is not empty.
unsigned char take_byte(std::string_view& text) noexcept {
  const char first = text.front();
  text.remove_prefix(1);
  if (first != '\\' || text.empty()) return static_cast<unsigned char>(first);
  const char letter = text.front();
  text.remove_prefix(1);
  switch (letter) {
    case 'b':
      return '\b';
    case 't':
      return '\t';
    case 'n':
      return '\n';
    case 'f':
      return '\f';
    case 'r':
      return '\r';
    case 'u':
      break;
    default:
      return static_cast<unsigned char>(letter);
  }
  if (text.size() < 4) return 0;
  const unsigned byte = hex_value(text[2]) << 4 | hex_value(text[3]);
  text.remove_prefix(4);
  return static_cast<unsigned char>(byte);
}

/// Length of the well-formed sequence at the front of `text` (Unicode 15, table 3-7); 0: none.
std::size_t sequence_length(std::string_view text) noexcept {
  const auto at = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto continues = [&](std::size_t i) { return (at(i) & 0xC0) == 0x80; };
  const unsigned char lead = at(0);
  if (lead < 0x80) return lead != 0 ? 1 : 0;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  if (lead < 0xE0) return text.size() >= 2 && continues(1) ? 2 : 0;
  if (lead < 0xF0) {
    if (text.size() < 3 || !continues(1) || !continues(2)) return 0;
    const bool overlong = lead == 0xE0 && at(1) < 0xA0;
    const bool surrogate = lead == 0xED && at(1) >= 0xA0;
    return overlong || surrogate ? 0 : 3;
  }
  if (text.size() < 4 || !continues(1) || !continues(2) || !continues(3)) return 0;
  const bool overlong = lead == 0xF0 && at(1) < 0x90;
  const bool too_high = lead == 0xF4 && at(1) >= 0x90;
  return overlong || too_high ? 0 : 4;
}

}  // namespace

bool escaped_less(std::string_view a, std::string_view b) noexcept {
  while (!a.empty() && !b.empty()) {
    const unsigned char left = take_byte(a);
    const unsigned char right = take_byte(b);
    if (left != right) return left < right;
  }
  return a.empty() && !b.empty();
}

void append_json_string(std::string& out, std::string_view text) {
  out.push_back('"');
  append_escaped(out, text);
  out.push_back('"');
}

bool is_clean_utf8(std::string_view text) noexcept {
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace keelson
