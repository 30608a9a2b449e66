#include "protocols/wire/canonical_slices.hpp"

#include <charconv>

#include "protocols/model/json_cursor.hpp"

namespace keelson::wire {

std::optional<std::vector<member_slice>> object_members(std::string_view text) {
  if (!text.starts_with('{')) return std::nullopt;
  std::vector<member_slice> members;
  json_cursor cursor(text);
  cursor.enter_object();
  for (auto name = cursor.next_name(); name.data() != nullptr; name = cursor.next_name()) {
    const json_cursor::value value = cursor.take_value();
    members.push_back({name, {value.text, value.depth}});
  }
  if (cursor.failed()) return std::nullopt;
  return members;
}

std::optional<std::vector<slice>> array_elements(std::string_view text) {
  if (!text.starts_with('[')) return std::nullopt;
  std::vector<slice> elements;
  text.remove_prefix(1);
  while (!text.starts_with(']')) {
    const json_cursor::value value = json_cursor(text).take_value();
    if (value.text.empty() || value.text.size() == text.size()) return std::nullopt;
    elements.push_back({value.text, value.depth});
    text.remove_prefix(value.text.size());
    if (text.starts_with(',')) text.remove_prefix(1);
  }
  return elements;
}

std::optional<std::string> string_value(std::string_view text) {
  if (text.size() < 2 || !text.starts_with('"') || !text.ends_with('"')) return std::nullopt;
  text = text.substr(1, text.size() - 2);
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out.push_back(text[i]);
      continue;
    }
    constexpr std::string_view letters = "btnfr";
    constexpr std::string_view meant = "\b\t\n\f\r";
    const char letter = text[++i];
    if (const std::size_t at = letters.find(letter); at != letters.npos) {
      out.push_back(meant[at]);
    } else if (letter == 'u' && text.size() - i > 4) {  // only \u00XX: control characters
      unsigned char byte = 0;
      std::from_chars(text.data() + i + 3, text.data() + i + 5, byte, 16);
      out.push_back(static_cast<char>(byte));
      i += 4;
    } else {
      out.push_back(letter);
    }
  }
  return out;
}

}  // namespace keelson::wire
