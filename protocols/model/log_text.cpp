#include "protocols/model/log_text.hpp"

#include <algorithm>

#include "protocols/model/canonical_json.hpp"
#include "protocols/model/json_escape.hpp"

namespace keelson {

namespace {

bool is_key_byte(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.' || c == '-';
}

/// The quoted text at the front, with its quotes; empty if there is none.
std::string_view quoted_front(std::string_view text) noexcept {
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      return text.substr(0, at + 1);
    }
  }
  return {};
}

}  // namespace

std::string log_quoted(std::string_view text) {
  std::string out = "\"";
  if (is_clean_utf8(text)) {
    append_escaped(out, text);
  } else {
    for (const char each : text) {
      const bool plain = static_cast<unsigned char>(each) < 0x80;
      append_escaped(out, plain ? std::string_view(&each, 1) : std::string_view("?"));
    }
  }
  return out += '"';
}

std::optional<std::string> log_members(std::string_view line) {
  std::string members;
  while (!line.empty()) {
    const auto key_end = std::ranges::find_if_not(line, is_key_byte);
    const std::string_view key(line.begin(), key_end);
    if (key.empty() || key_end == line.end() || *key_end != '=') return std::nullopt;
    line.remove_prefix(key.size() + 1);
    const bool quoted = line.starts_with('"');
    const auto value = quoted ? quoted_front(line) : line.substr(0, line.find(' '));
    if (quoted && value.empty()) return std::nullopt;
    line.remove_prefix(value.size());
    if (!line.empty() && (!line.starts_with(' ') || line.size() == 1)) return std::nullopt;
    if (!line.empty()) line.remove_prefix(1);
    members.append(",\"").append(key).append("\":");
    members.append(quoted ? std::string(value) : log_quoted(value));
  }
  return members;
}

}  // namespace keelson
