#include "backends/files/collection_text.hpp"

#include <charconv>
#include <limits>
#include <utility>

#include "protocols/model/canonical_json.hpp"
#include "protocols/model/json_cursor.hpp"
#include "protocols/model/names.hpp"

namespace keelson::backends::files {

namespace {

/// One level more than the values of any setting of limits.json_depth have.
constexpr std::size_t most_depth = 1001;

/// What a canonical string means, given without its quotes.
std::string unescaped(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] != '\\') {
      out += name[i];
      continue;
    }
    const char letter = name[++i];
    constexpr std::string_view letters = "bfnrt";
    constexpr std::string_view meant = "\b\f\n\r\t";
    if (letter == 'u') {
      unsigned code = 0;
      std::from_chars(name.data() + i + 1, name.data() + i + 5, code, 16);
      out += static_cast<char>(code);
      i += 4;
    } else if (const auto known = letters.find(letter); known != letters.npos) {
      out += meant[known];
    } else {
      out += letter;
    }
  }
  return out;
}

}  // namespace

std::string collection_text(const key_values& documents) {
  std::string text;
  for (const auto& [key, value] : documents) {
    text += text.empty() ? "{\n  " : ",\n  ";
    append_json_string(text, key);
    text.append(": ").append(value);
  }
  if (!text.empty()) text += "\n}\n";
  return text;
}

std::size_t line_bytes(std::string_view key, std::string_view value) {
  constexpr std::size_t around = std::string_view("  : ,\n").size();
  std::string name;
  append_json_string(name, key);
  return name.size() + value.size() + around;
}

result<key_values> parse_collection(std::string_view text) {
  const auto canonical = canonicalise(text, most_depth);
  if (!canonical) return fail(errc::store_corrupt, canonical.error().detail);
  json_cursor at(*canonical);
  if (!at.at_object()) return fail(errc::store_corrupt, "it is not one JSON object");
  key_values documents;
  at.enter_object();
  for (auto name = at.next_name(); name.data() != nullptr; name = at.next_name()) {
    auto key = unescaped(name);
    if (!document_key::parse(key, std::numeric_limits<std::size_t>::max())) {
      return fail(errc::store_corrupt, "the name \"" + std::string(name) + "\" cannot be a key");
    }
    documents.emplace(std::move(key), at.take_value().text);
  }
  return documents;
}

}  // namespace keelson::backends::files
