#include "actors/store/retention.hpp"

namespace keelson::store {

namespace {

/// How many changes surely follow a sequence; those of earlier epochs count as none.
std::uint64_t changes_after(const backends::primary_meta& meta, sequence at) {
  return meta.last.value - std::max(at.value, meta.epoch().base.value);
}

}  // namespace

bool may_trim(const backends::primary_meta& meta, const retention_limits& limits, held_after held) {
  const bool wanted = held && *held <= meta.oldest;
  return meta.log_bytes > limits.bytes ||
         (!wanted && changes_after(meta, meta.oldest) > limits.changes);
}

std::optional<sequence> trim_bound(const backends::primary_meta& meta,
                                   std::span<const log_record> oldest, timestamp now,
                                   const retention_limits& limits, held_after held) {
  std::optional<sequence> through;
  auto bytes_left = meta.log_bytes;
  for (const auto& record : oldest) {
    const bool too_many_bytes = bytes_left > limits.bytes;
    const bool many = changes_after(meta, record.at) >= limits.changes;
    const bool old = record.time.microseconds + limits.age_microseconds < now.microseconds;
    const bool wanted = held && record.at > *held;
    if (!too_many_bytes && (wanted || !(many && old))) break;
    bytes_left -= std::min(bytes_left, log_bytes_of(record));
    if (record.ends_commit != 0) through = record.at;
  }
  return through;
}

}  // namespace keelson::store
