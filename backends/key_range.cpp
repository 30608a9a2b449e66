#include "backends/key_range.hpp"

#include <algorithm>
#include <string_view>

namespace keelson::backends {

namespace {

/// U+10FFFF: no character's bytes are greater.
constexpr std::string_view highest = "\xf4\x8f\xbf\xbf";

key_bound before(const document_id& id) {
  return {id.collection.text(), id.key.text()};
}

/// Every greater text without U+0000 is not less than the same with U+0001 behind it.
key_bound behind(const document_id& id) {
  return {id.collection.text(), id.key.text() + '\x01'};
}

/// Not less than any key with this prefix.
std::string behind_all(std::string_view prefix) {
  constexpr std::size_t more = default_max_key_bytes / highest.size() + 1;
  std::string bound(prefix);
  for (std::size_t i = 0; i < more; ++i) bound += highest;
  return bound;
}

}  // namespace

key_range range_of(const scan_request& request) {
  key_range range{{}, {std::string(highest), {}}};
  if (!request.collection.empty()) {
    range.first = {request.collection, request.prefix};
    range.end = {request.collection, behind_all(request.prefix)};
  }
  const bool forward = request.direction == scan_direction::forward;
  const auto& low = forward ? request.after : request.until;
  const auto& high = forward ? request.until : request.after;
  if (low) range.first = std::max(range.first, forward ? behind(*low) : before(*low));
  if (high) range.end = std::min(range.end, forward ? behind(*high) : before(*high));
  return range;
}

}  // namespace keelson::backends
