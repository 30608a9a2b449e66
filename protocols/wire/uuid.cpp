#include "protocols/wire/uuid.hpp"

#include <algorithm>
#include <cstddef>

namespace keelson::wire {

namespace {

using uuid_bytes = std::array<std::uint8_t, 16>;

std::string finish(uuid_bytes bytes, std::uint8_t version) {
  constexpr std::string_view hex = "0123456789abcdef";
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0f) | (version << 4));
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3f) | 0x80);
  std::string text;
  text.reserve(36);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text.push_back('-');
    text.push_back(hex[bytes[i] >> 4]);
    text.push_back(hex[bytes[i] & 15]);
  }
  return text;
}

}  // namespace

std::string make_uuid_v7(timestamp now, std::array<std::uint64_t, 2> random) {
  uuid_bytes bytes;
  const auto milliseconds = static_cast<std::uint64_t>(now.microseconds / 1000);
  for (std::size_t i = 0; i < 6; ++i)
    bytes[i] = static_cast<std::uint8_t>(milliseconds >> (8 * (5 - i)));
  for (std::size_t i = 6; i < bytes.size(); ++i)
    bytes[i] = static_cast<std::uint8_t>(random[i / 8] >> (8 * (i % 8)));
  return finish(bytes, 7);
}

}  // namespace keelson::wire
