#include "actors/feed/feed_cursor.hpp"

#include <algorithm>
#include <utility>

namespace keelson::feed {
namespace {

/// Blocks taken out of the ring at a time: a few frames' worth.
constexpr std::size_t read_bytes = std::size_t{1} << 20;

}  // namespace

piece_ref piece_cache::find(const feed_interest& interest, const std::string& epoch,
                            const wire::feed_point& from) const {
  const auto found = std::ranges::find_if(entries_, [&](const entry& e) {
    return e.piece && e.from == from && e.epoch == epoch &&
           (e.interest.get() == &interest || *e.interest == interest);
  });
  return found == entries_.end() ? nullptr : found->piece;
}

void piece_cache::keep(std::shared_ptr<const feed_interest> interest, const std::string& epoch,
                       const wire::feed_point& from, piece_ref piece) {
  entries_[next_] = {std::move(interest), epoch, from, std::move(piece)};
  next_ = (next_ + 1) % most;
}

pulled feed_cursor::pull(const feed_ring& ring, const wire::selection_limits& limits,
                         piece_cache& cache) {
  if (!replayed_) {
    if (auto shared = cache.find(*interest_, epoch_, point_)) {
      point_ = shared->point;
      return {pull_outcome::piece, std::move(shared)};
    }
  }
  const bool from_ring = !replayed_;
  const auto from = point_;
  wire::change_selector selector(interest_->filter, interest_->values, point_, limits);
  auto found = from_ring ? pull_ring(ring, selector) : pull_replayed(selector);
  if (from_ring && found.what == pull_outcome::piece) {
    cache.keep(interest_, epoch_, from, found.piece);
  }
  return found;
}

pulled feed_cursor::pull(const feed_ring& ring, wire::selection_limits limits,
                         const feed_bounds& bounds) {
  if (point_.reached >= bounds.until) return {pull_outcome::at_end, nullptr};
  limits.until = bounds.until;
  wire::change_selector selector(interest_->filter, interest_->values, point_, limits);
  if (bounds.up_to) selector.only_up_to(*bounds.up_to);
  return replayed_ ? pull_replayed(selector) : pull_ring(ring, selector);
}

pulled feed_cursor::pull_replayed(wire::change_selector& selector) {
  const auto block = replayed_;
  selector.take(block);
  if (selector.point().reached >= block->to()) replayed_.reset();
  return finish(selector, pull_outcome::moved);
}

pulled feed_cursor::pull_ring(const feed_ring& ring, wire::change_selector& selector) {
  using appetite = wire::change_selector::appetite;
  for (auto hungry = appetite::more; hungry == appetite::more;) {
    auto found = ring.read({epoch_, selector.point().reached}, read_bytes);
    switch (found.what) {
      case ring_finding::blocks:
        break;
      case ring_finding::at_end:
      case ring_finding::closed:
        return finish(selector, pull_outcome::at_end);
      case ring_finding::behind:
        return finish(selector, pull_outcome::behind);
      case ring_finding::other_past:
        return finish(selector, pull_outcome::lost);
    }
    for (auto& block : found.blocks) {
      hungry = selector.take(std::move(block));
      if (hungry == appetite::satisfied) break;
    }
  }
  return finish(selector, pull_outcome::moved);
}

pulled feed_cursor::finish(const wire::change_selector& selector, pull_outcome otherwise) {
  point_ = selector.point();
  if (selector.changes().empty()) return {otherwise, nullptr};
  auto piece = std::make_shared<feed_piece>();
  piece->changes = selector.changes().size();
  piece->point = point_;
  if (interest_->form == change_form::events) {
    append_change_events(piece->text, selector);
  } else {
    append_change_array(piece->text, selector);
    piece->text += ",\"position\":\"" + resume().text() + "\"}";
  }
  return {pull_outcome::piece, std::move(piece)};
}

}  // namespace keelson::feed
