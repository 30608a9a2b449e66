#include "backends/postgres/answer.hpp"

#include <cstddef>

namespace keelson::backends::postgres {

std::string_view answer::bytes(int row, int column) const noexcept {
  return {PQgetvalue(raw(), row, column),
          static_cast<std::size_t>(PQgetlength(raw(), row, column))};
}

std::int64_t answer::integer(int row, int column) const noexcept {
  const auto raw_bytes = bytes(row, column);
  if (raw_bytes.empty()) return 0;
  // Network byte order, two's complement; a boolean is one byte, which is never negative.
  std::uint64_t value = (static_cast<unsigned char>(raw_bytes.front()) & 0x80U) != 0
                            ? ~std::uint64_t{0}
                            : std::uint64_t{0};
  for (const char byte : raw_bytes) value = value << 8U | static_cast<unsigned char>(byte);
  return static_cast<std::int64_t>(value);
}

}  // namespace keelson::backends::postgres
