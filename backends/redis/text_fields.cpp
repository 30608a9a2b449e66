#include "backends/redis/text_fields.hpp"

namespace keelson::backends::redis {

hash_digits digits_of(const hash256& hash) {
  constexpr std::string_view digits = "0123456789abcdef";
  hash_digits text{};
  for (std::size_t i = 0; i < hash.bytes.size(); ++i) {
    text[2 * i] = digits[hash.bytes[i] >> 4];
    text[2 * i + 1] = digits[hash.bytes[i] & 15];
  }
  return text;
}

bool read_hash(std::string_view digits, hash256& into) {
  if (digits.size() != 2 * into.bytes.size()) return false;
  for (std::size_t i = 0; i < into.bytes.size(); ++i) {
    const auto* const first = digits.data() + 2 * i;
    if (std::from_chars(first, first + 2, into.bytes[i], 16).ptr != first + 2) return false;
  }
  return true;
}

}  // namespace keelson::backends::redis
