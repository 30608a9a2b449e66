#include "protocols/websocket/subscription_table.hpp"

#include <utility>

#include "protocols/wire/feed_frames.hpp"

namespace keelson::websocket {

using turn = subscriber::turn;

subscriber::subscriber(std::string name, std::shared_ptr<const feed::feed_interest> interest,
                       const position& from, bridge::feed_subscription::start with,
                       bridge::feed_outlet& outlet, steady_time at)
    : id(std::move(name)),
      changes_head(wire::changes_frame_head(id)),
      feed(std::move(interest), from, with, outlet),
      last_sent(at) {}

void subscription_table::add(entry one) {
  ready(one);
  const auto& id = one->id;
  all_.emplace(id, std::move(one));
}

subscription_table::entry subscription_table::remove(std::string_view id) {
  const auto found = all_.find(id);
  if (found == all_.end()) return nullptr;
  auto one = std::move(found->second);
  all_.erase(found);
  one->now = turn::ended;
  return one;
}

subscription_table::entry subscription_table::take_ready() {
  while (!ready_.empty()) {
    auto one = std::move(ready_.front());
    ready_.pop_front();
    if (one->now == turn::ready) return one;
  }
  return nullptr;
}

void subscription_table::ready(const entry& one) {
  if (one->now == turn::ended) return;
  one->now = turn::ready;
  ready_.push_back(one);
}

void subscription_table::fetch(const entry& one, bridge::feed_need need) {
  if (one->now == turn::ended) return;
  one->now = turn::fetching;
  one->need = need;
  to_fetch_.push_back(one);
}

subscription_table::entry subscription_table::take_fetch() {
  while (!to_fetch_.empty()) {
    auto one = std::move(to_fetch_.front());
    to_fetch_.pop_front();
    if (one->now == turn::fetching) return one;
  }
  return nullptr;
}

void subscription_table::wake_waiting() {
  for (const auto& [id, one] : all_) {
    if (one->now == turn::waiting) ready(one);
  }
}

void subscription_table::mark_quiet(steady_time before) {
  for (const auto& [id, one] : all_) {
    if (one->last_sent > before || !one->feed.resumable()) continue;
    one->position_due = true;
    if (one->now == turn::waiting) ready(one);
  }
}

void subscription_table::clear() {
  for (const auto& [id, one] : all_) one->now = turn::ended;
  all_.clear();
  ready_.clear();
  to_fetch_.clear();
}

}  // namespace keelson::websocket
