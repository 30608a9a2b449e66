#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace keelson {

/// The letter behind the backslash for each byte that RFC 8785, section 3.2.2.2, escapes, 'u' for
/// those written \u00xx, 0 for bytes that stand for themselves (also DEL and all of UTF-8).
inline constexpr std::array<char, 256> json_escape_letter = [] {
  std::array<char, 256> letters{};
  for (std::size_t i = 0; i < 0x20; ++i) letters[i] = 'u';
  letters['\b'] = 'b';
  letters['\t'] = 't';
  letters['\n'] = 'n';
  letters['\f'] = 'f';
  letters['\r'] = 'r';
  letters['"'] = '"';
  letters['\\'] = '\\';
  return letters;
}();

/// Appends `text` as it stands between the quotes of a canonical string.
/// `Out` has append(string_view) and push_back(char).
template <class Out>
void append_escaped(Out& out, std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  std::size_t written = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const char letter = json_escape_letter[byte];
    if (letter == 0) continue;
    out.append(text.substr(written, i - written));
    written = i + 1;
    out.push_back('\\');
    out.push_back(letter);
    if (letter != 'u') continue;
    out.append("00");
    out.push_back(hex[byte >> 4]);
    out.push_back(hex[byte & 15]);
  }
  out.append(text.substr(written));
}

/// True if `a` comes before `b`; both are canonical strings without their quotes, compared by the
/// UTF-8 bytes of what they mean.
[[nodiscard]] bool escaped_less(std::string_view a, std::string_view b) noexcept;

}  // namespace keelson
