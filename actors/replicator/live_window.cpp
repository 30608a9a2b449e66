#include "actors/replicator/live_window.hpp"

#include <utility>

namespace keelson::replicator {

namespace {

std::size_t bytes_of(const committed_group& group) {
  std::size_t bytes = 0;
  for (const auto& record : group.records) {
    bytes += sizeof(record) + record.id.key.text().size() + record.meta.size() +
             record.value.size() + record.image_before.size();
  }
  return bytes;
}

}  // namespace

void live_window::push(actors::group_ref group, time_point now) {
  if (group->records.empty()) return;
  if (!groups_.empty() && groups_.back().group->to != group->from) clear();
  const auto bytes = bytes_of(*group);
  if (bytes_ + bytes > max_bytes_) clear();
  if (bytes > max_bytes_) return;
  bytes_ += bytes;
  groups_.push_back({std::move(group), bytes, now});
}

void live_window::clear() {
  groups_.clear();
  bytes_ = 0;
}

void live_window::pass(const log_point& point) {
  while (!groups_.empty() && groups_.front().group->to.at.at <= point.at.at) {
    bytes_ -= groups_.front().bytes;
    groups_.pop_front();
  }
}

bool live_window::follows(const log_point& point) const {
  return !groups_.empty() && groups_.front().group->from == point;
}

std::vector<actors::group_ref> live_window::first(const batch_limits& limits) const {
  std::vector<actors::group_ref> taken;
  std::size_t records = 0;
  std::size_t bytes = 0;
  for (const auto& [group, size, seen] : groups_) {
    if (!taken.empty() &&
        (records + group->records.size() > limits.records || bytes + size > limits.bytes)) {
      break;
    }
    records += group->records.size();
    bytes += size;
    taken.push_back(group);
  }
  return taken;
}

}  // namespace keelson::replicator
