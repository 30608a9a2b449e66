#include "actors/store/write_inbox.hpp"

#include <utility>

namespace keelson::store {

write_inbox::pushed write_inbox::push(parcel& waiting) {
  const std::lock_guard lock(mutex_);
  if (!queue_.push(waiting)) return pushed::full;
  return std::exchange(at_work_, true) ? pushed::queued : pushed::first;
}

std::vector<parcel> write_inbox::take_group(std::int64_t now) {
  const std::lock_guard lock(mutex_);
  auto group = queue_.take_group();
  at_work_ = !group.empty();
  busy_since_ = at_work_ ? std::optional(now) : std::nullopt;
  return group;
}

std::vector<parcel> write_inbox::take_expired(std::int64_t now) {
  const std::lock_guard lock(mutex_);
  return queue_.take_expired(now);
}

std::vector<parcel> write_inbox::take_all() {
  const std::lock_guard lock(mutex_);
  return queue_.take_all();
}

write_inbox::fill write_inbox::look() const {
  const std::lock_guard lock(mutex_);
  return {queue_.commits(), queue_.bytes(), busy_since_};
}

}  // namespace keelson::store
