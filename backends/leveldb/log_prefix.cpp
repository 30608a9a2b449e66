#include "backends/leveldb/log_prefix.hpp"

#include <bit>
#include <cstdint>
#include <optional>

#include <boost/crc.hpp>

namespace keelson::backends::leveldb {

namespace {

constexpr std::size_t block_bytes = 32768;
constexpr std::size_t head_bytes = 7;

enum class part : std::uint8_t { full = 1, first = 2, middle = 3, last = 4 };

struct piece {
  part type;
  std::size_t end;  ///< in the log
};

std::uint8_t byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint8_t>(bytes[at]);
}

std::uint32_t checksum(std::string_view bytes) {
  using crc32c = boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true>;
  crc32c sum;
  sum.process_bytes(bytes.data(), bytes.size());
  return std::rotr(sum.checksum(), 15) + 0xA282EAD8U;
}

/// The piece that begins at `at`; absent if it is not whole.
std::optional<piece> piece_at(std::string_view log, std::size_t at) {
  const auto left_in_block = block_bytes - at % block_bytes;
  const auto bytes = log.substr(at, left_in_block);
  if (bytes.size() < head_bytes) return std::nullopt;
  std::uint32_t expected = 0;
  for (std::size_t i = 4; i-- > 0;) expected = expected << 8U | byte_at(bytes, i);
  const std::size_t length = byte_at(bytes, 4) | std::size_t{byte_at(bytes, 5)} << 8U;
  const auto type = byte_at(bytes, 6);
  if (type < 1 || type > 4 || bytes.size() - head_bytes < length) return std::nullopt;
  if (checksum(bytes.substr(6, 1 + length)) != expected) return std::nullopt;
  return piece{static_cast<part>(type), at + head_bytes + length};
}

}  // namespace

std::size_t intact_prefix(std::string_view log) {
  std::size_t whole = 0;
  std::size_t at = 0;
  bool inside = false;  // a record whose last piece is to come
  while (at < log.size()) {
    const auto left_in_block = block_bytes - at % block_bytes;
    if (left_in_block < head_bytes) {  // a trailer too short for another head
      at += left_in_block;
      continue;
    }
    const auto next = piece_at(log, at);
    if (!next) break;
    const bool begins = next->type == part::full || next->type == part::first;
    if (begins == inside) break;
    inside = next->type == part::first || next->type == part::middle;
    at = next->end;
    if (!inside) whole = at;
  }
  return whole;
}

}  // namespace keelson::backends::leveldb
