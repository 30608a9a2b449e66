#include "protocols/bridge/feed_subscription.hpp"

#include <utility>

namespace keelson::bridge {
namespace {

/// Documents of a snapshot that are read, and held, at a time.
constexpr std::uint32_t page_documents = 256;
/// Of changes replayed, and held, at a time.
constexpr std::uint32_t replay_bytes = 256U << 10;

}  // namespace

feed_subscription::feed_subscription(std::shared_ptr<const feed::feed_interest> interest,
                                     const position& from, start with, feed_outlet& outlet)
    : outlet_(outlet), ring_(outlet.shared_ring()), cursor_(std::move(interest), from) {
  if (with == start::snapshot) {
    course_ = std::make_unique<feed::snapshot_course>(from, cursor_.interest().filter,
                                                      cursor_.interest().values, page_documents);
  }
  ring_->subscribers().live += 1;
}

feed_subscription::~feed_subscription() {
  auto& counts = ring_->subscribers();
  (state_ == state::live ? counts.live : counts.catching_up) -= 1;
}

void feed_subscription::enter(state now) {
  if (now == state_) return;
  auto& counts = ring_->subscribers();
  (state_ == state::live ? counts.live : counts.catching_up) -= 1;
  (now == state::live ? counts.live : counts.catching_up) += 1;
  state_ = now;
}

feed_need feed_subscription::next(const wire::selection_limits& limits) {
  if (course_) {
    if (const auto need = next_of_course()) return *need;
  }
  auto got = pull(limits);
  switch (got.what) {
    case feed::pull_outcome::piece:
      piece_ = std::move(got.piece);
      ring_->subscribers().changes_sent += piece_->changes;
      return feed_need::send_piece;
    case feed::pull_outcome::moved:
      return feed_need::again;
    case feed::pull_outcome::at_end:
      if (!course_) enter(state::live);
      return feed_need::wait;
    case feed::pull_outcome::behind:
      enter(state::catching_up);
      return feed_need::replay;
    case feed::pull_outcome::lost:
      break;
  }
  return feed_need::lost;
}

/// Nothing when there are changes to pull first.
std::optional<feed_need> feed_subscription::next_of_course() {
  using stage = feed::snapshot_course::stage;
  enter(state::catching_up);
  if (!unsent_.empty()) return feed_need::send_documents;
  documents_ = {};
  if (course_->now() == stage::merging) {
    if (cursor_.reached().at < course_->bounds().until) return std::nullopt;
    course_->merged();
  }
  if (course_->now() == stage::reading) return feed_need::page;
  course_.reset();
  return feed_need::send_live;
}

feed::pulled feed_subscription::pull(const wire::selection_limits& limits) {
  if (course_) return cursor_.pull(*ring_, limits, course_->bounds());
  return cursor_.pull(*ring_, limits, outlet_.pieces());
}

messages::replay_request feed_subscription::replay_request() const {
  return {
      .from = cursor_.reached(), .filter = cursor_.interest().filter, .max_bytes = replay_bytes};
}

void feed_subscription::replayed(messages::replay_slice slice) {
  cursor_.take(
      wire::change_block::encode(cursor_.reached(), slice.to, slice.changes, slice.commit_ends));
}

result<void> feed_subscription::listed(messages::list_page page) {
  if (auto taken = course_->took(page); !taken) return taken;
  documents_ = std::move(page.documents);
  unsent_ = documents_;
  return {};
}

}  // namespace keelson::bridge
