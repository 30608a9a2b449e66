#include "actors/feed/feed_ring.hpp"

#include <algorithm>
#include <utility>

namespace keelson::feed {

void feed_ring::restart(const position& end, const position& oldest) {
  {
    const std::scoped_lock lock(mutex_);
    restart_locked(end);
    oldest_ = oldest;
  }
  notify();
}

void feed_ring::restart_locked(const position& end) {
  blocks_.clear();
  end_ = end;
  start_ = end.at;
  memory_ = 0;
  changes_ = 0;
}

void feed_ring::append(std::shared_ptr<const wire::change_block> block) {
  {
    const std::scoped_lock lock(mutex_);
    if (block->epoch() != end_.epoch || block->from() != end_.at) {
      restart_locked({block->epoch(), block->from()});
    }
    end_.at = block->to();
    memory_ += block->memory();
    changes_ += block->changes().size();
    blocks_.push_back(std::move(block));
    while (memory_ > max_bytes_ && blocks_.size() > 1) {
      start_ = blocks_.front()->to();
      memory_ -= blocks_.front()->memory();
      changes_ -= blocks_.front()->changes().size();
      blocks_.pop_front();
    }
  }
  notify();
}

void feed_ring::set_oldest(const position& oldest) {
  const std::scoped_lock lock(mutex_);
  oldest_ = oldest;
}

void feed_ring::watch(std::weak_ptr<ring_watcher> watcher) {
  const std::scoped_lock lock(mutex_);
  std::erase_if(watchers_, [](const auto& w) { return w.expired(); });
  watchers_.push_back(std::move(watcher));
}

void feed_ring::notify() noexcept {
  const std::scoped_lock lock(mutex_);
  for (const auto& watcher : watchers_) {
    if (const auto alive = watcher.lock()) alive->ring_changed();
  }
}

ring_read feed_ring::read(const position& after, std::size_t max_bytes) const {
  const std::scoped_lock lock(mutex_);
  if (end_.epoch.empty()) return {ring_finding::closed, {}};
  if (after.epoch != end_.epoch) return {ring_finding::other_past, {}};
  if (after.at >= end_.at) return {ring_finding::at_end, {}};
  if (after.at < start_) return {ring_finding::behind, {}};
  auto next =
      std::ranges::upper_bound(blocks_, after.at, {}, [](const auto& b) { return b->to(); });
  ring_read found{ring_finding::blocks, {}};
  for (std::size_t bytes = 0; next != blocks_.end() && bytes < max_bytes; ++next) {
    bytes += (*next)->memory();
    found.blocks.push_back(*next);
  }
  return found;
}

position feed_ring::end() const {
  const std::scoped_lock lock(mutex_);
  return end_;
}

position feed_ring::oldest() const {
  const std::scoped_lock lock(mutex_);
  return oldest_;
}

bool feed_ring::covers(const position& at) const {
  const std::scoped_lock lock(mutex_);
  return at.epoch == end_.epoch && at.at >= start_ && at.at <= end_.at;
}

std::size_t feed_ring::memory() const {
  const std::scoped_lock lock(mutex_);
  return memory_;
}

std::size_t feed_ring::changes() const {
  const std::scoped_lock lock(mutex_);
  return changes_;
}

}  // namespace keelson::feed
