#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "actors/feed/feed_cursor.hpp"
#include "actors/feed/snapshot_course.hpp"
#include "protocols/bridge/feed_outlet.hpp"
#include "protocols/messages/feed_request.hpp"
#include "protocols/messages/read_request.hpp"
#include "protocols/model/document.hpp"

namespace keelson::bridge {

/// What a subscription wants next.
enum class feed_need : std::uint8_t {
  send_piece,      ///< piece() to the client
  send_documents,  ///< of documents() to the client
  send_live,       ///< position() to the client: the snapshot is complete
  again,           ///< ask once more, others first
  wait,            ///< until the outlet calls
  replay,          ///< ask the feed for replay_request(), hand the answer to replayed()
  page,            ///< ask the primary for page_request(), hand the answer to listed()
  lost,            ///< the end: its history is gone
};

/// One client's interest, on its way through snapshot, log and ring; without a socket. Holds
/// nothing but a position while it waits. To be used on the outlet's thread, and not beyond it.
class feed_subscription {
 public:
  enum class start : std::uint8_t { changes, snapshot };
  feed_subscription(std::shared_ptr<const feed::feed_interest> interest, const position& from,
                    start with, feed_outlet& outlet);
  ~feed_subscription();
  feed_subscription(const feed_subscription&) = delete;
  feed_subscription& operator=(const feed_subscription&) = delete;

  [[nodiscard]] feed_need next(const wire::selection_limits& limits);
  [[nodiscard]] const feed::feed_piece& piece() const noexcept { return *piece_; }
  [[nodiscard]] feed::piece_ref take_piece() noexcept { return std::move(piece_); }
  /// What is left of a page of the snapshot; to be shortened by what was sent.
  [[nodiscard]] std::span<const document>& documents() noexcept { return unsent_; }

  [[nodiscard]] messages::replay_request replay_request() const;
  void replayed(messages::replay_slice slice);
  [[nodiscard]] messages::list_request page_request() const { return course_->request(); }
  [[nodiscard]] result<void> listed(messages::list_page page);

  /// Something that was fetched has not been sent yet.
  [[nodiscard]] bool holds_fetched() const noexcept {
    return !unsent_.empty() || cursor_.holds_replayed();
  }

  /// From where the client can resume.
  [[nodiscard]] position resume() const { return cursor_.resume(); }
  /// False until `live`: then no position can be resumed from.
  [[nodiscard]] bool resumable() const noexcept { return course_ == nullptr; }
  [[nodiscard]] const feed::feed_interest& interest() const noexcept { return cursor_.interest(); }

 private:
  enum class state : std::uint8_t { live, catching_up };
  void enter(state now);
  [[nodiscard]] feed::pulled pull(const wire::selection_limits& limits);
  [[nodiscard]] std::optional<feed_need> next_of_course();

  feed_outlet& outlet_;
  std::shared_ptr<feed::feed_ring> ring_;
  feed::feed_cursor cursor_;
  std::unique_ptr<feed::snapshot_course> course_;  ///< until `live`
  feed::piece_ref piece_;
  std::vector<document> documents_;
  std::span<const document> unsent_;
  state state_ = state::live;
};

}  // namespace keelson::bridge
