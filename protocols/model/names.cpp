#include "protocols/model/names.hpp"

#include <algorithm>

#include "protocols/model/canonical_json.hpp"

namespace keelson {

result<collection_name> collection_name::parse(std::string_view text) {
  constexpr std::size_t max_bytes = 63;
  const auto lower = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto allowed = [&](char c) {
    return lower(c) || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  if (text.empty() || text.size() > max_bytes || !lower(text.front()) ||
      !std::ranges::all_of(text, allowed)) {
    return fail(errc::invalid_collection,
                "a collection is named by [a-z][a-z0-9_-]{0,62}: a lower-case letter, then at most "
                "62 lower-case letters, digits, '_' or '-'");
  }
  return collection_name(std::string(text));
}

result<document_key> document_key::parse(std::string_view text, std::size_t max_bytes) {
  if (text.empty()) return fail(errc::invalid_key, "a key has at least one byte");
  if (text.size() > max_bytes) {
    return fail(errc::invalid_key, "the key has " + std::to_string(text.size()) +
                                       " bytes; at most " + std::to_string(max_bytes) +
                                       " are allowed");
  }
  if (!is_clean_utf8(text)) {
    return fail(errc::invalid_key, "a key is well-formed UTF-8 without U+0000");
  }
  return document_key(std::string(text));
}

}  // namespace keelson
