#include "actors/store/write_queue.hpp"

#include <algorithm>
#include <iterator>

namespace keelson::store {

std::size_t weight(const messages::write_request& request) {
  std::size_t bytes = sizeof(request);
  for (const auto& operation : request.operations) {
    bytes += sizeof(operation) + operation.value.size() + operation.id.key.text().size();
  }
  return bytes;
}

bool write_queue::push(parcel& waiting) {
  if (commits_ + waiting.requests.size() > limits_.commits) return false;
  if (bytes_ + waiting.bytes > limits_.bytes && commits_ > 0) return false;
  commits_ += waiting.requests.size();
  bytes_ += waiting.bytes;
  const bool bulk =
      !waiting.requests.empty() && waiting.requests.front().lane == messages::write_lane::bulk;
  (bulk ? bulk_ : interactive_).push_back(std::move(waiting));
  return true;
}

void write_queue::forget(const parcel& gone) {
  commits_ -= gone.requests.size();
  bytes_ -= gone.bytes;
}

void write_queue::fill(std::deque<parcel>& lane, room most, room& used,
                       std::vector<parcel>& group) {
  while (!lane.empty()) {
    const auto& next = lane.front();
    const bool fits = used.commits + next.requests.size() <= most.commits &&
                      used.bytes + next.bytes <= most.bytes;
    if (!fits && !group.empty()) return;
    used.commits += next.requests.size();
    used.bytes += next.bytes;
    forget(next);
    group.push_back(std::move(lane.front()));
    lane.pop_front();
  }
}

std::vector<parcel> write_queue::take_group() {
  std::vector<parcel> group;
  room used{0, 0};
  const room all{limits_.group_commits, limits_.group_bytes};
  const room half{limits_.group_commits / 2, limits_.group_bytes / 2};
  fill(interactive_, bulk_.empty() ? all : half, used, group);
  fill(bulk_, all, used, group);
  fill(interactive_, all, used, group);
  return group;
}

std::vector<parcel> write_queue::take_expired(std::int64_t now) {
  std::vector<parcel> expired;
  for (auto* lane : {&interactive_, &bulk_}) {
    const auto keep = std::stable_partition(lane->begin(), lane->end(),
                                            [now](const parcel& p) { return p.deadline > now; });
    for (auto i = keep; i != lane->end(); ++i) {
      forget(*i);
      expired.push_back(std::move(*i));
    }
    lane->erase(keep, lane->end());
  }
  return expired;
}

std::vector<parcel> write_queue::take_all() {
  std::vector<parcel> all;
  for (auto* lane : {&interactive_, &bulk_}) {
    std::ranges::move(*lane, std::back_inserter(all));
    lane->clear();
  }
  commits_ = bytes_ = 0;
  return all;
}

}  // namespace keelson::store
