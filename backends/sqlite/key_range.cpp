#include "backends/sqlite/key_range.hpp"

#include <algorithm>

namespace keelson::backends::sqlite {

namespace {

constexpr char highest_byte = '\xff';  // greater than any byte of UTF-8

key_bound before(const document_id& id) {
  return {id.collection.text(), id.key.text()};
}

/// The next text in the order of bytes is the same with a zero byte behind it.
key_bound behind(const document_id& id) {
  return {id.collection.text(), id.key.text() + '\0'};
}

}  // namespace

key_range range_of(const scan_request& request) {
  key_range range{{}, {std::string(1, highest_byte), {}}};
  if (!request.collection.empty()) {
    range.first = {request.collection, request.prefix};
    range.end = {request.collection, request.prefix + highest_byte};
  }
  const bool forward = request.direction == scan_direction::forward;
  const auto& low = forward ? request.after : request.until;
  const auto& high = forward ? request.until : request.after;
  if (low) range.first = std::max(range.first, forward ? behind(*low) : before(*low));
  if (high) range.end = std::min(range.end, forward ? behind(*high) : before(*high));
  return range;
}

}  // namespace keelson::backends::sqlite
