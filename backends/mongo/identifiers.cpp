#include "backends/mongo/identifiers.hpp"

#include <charconv>

namespace keelson::backends::mongo {

namespace {

constexpr unsigned char escape = '~';

}  // namespace

std::string sortable(std::string_view bytes) {
  constexpr std::string_view hex = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < escape) {
      out += c;
      continue;
    }
    out += static_cast<char>(escape);
    out += hex[byte >> 4];
    out += hex[byte & 15];
  }
  return out;
}

std::string from_sortable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    const auto digits = text.substr(i + 1, 2);
    const char* const end = digits.data() + digits.size();
    if (static_cast<unsigned char>(text[i]) == escape && digits.size() == 2 &&
        std::from_chars(digits.data(), end, byte, 16).ptr == end) {
      out += static_cast<char>(byte);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string document_identifier(const document_id& id) {
  return first_identifier(id.collection.text(), id.key.text());
}

std::string first_identifier(std::string_view collection, std::string_view prefix) {
  return std::string(collection) + ' ' + sortable(prefix);
}

}  // namespace keelson::backends::mongo
