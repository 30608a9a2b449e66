#include <array>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>

#include "protocols/websocket/peer.hpp"
#include "protocols/websocket/tcp_progress.hpp"
#include "protocols/wire/feed_frames.hpp"

namespace keelson::websocket {
namespace {

constexpr wire::selection_limits frame_limits{.frame_bytes = wire::max_frame_bytes -
                                                             wire::frame_envelope_bytes};

}  // namespace

task<> peer::write_frames() {
  while (life_ != life::ended) {
    if (!control_.empty()) {
      co_await write_control();
    } else if (life_ == life::closing) {
      co_await close_down();
      co_return;
    } else if (ping_due_) {
      co_await send_ping();
    } else if (auto one = table_.take_ready()) {
      co_await serve_one(std::move(one));
      if (fetching_) fetched_sent_.notify();
    } else {
      co_await writer_.wait();
    }
  }
}

task<> peer::send_ping() {
  ping_due_ = false;
  ++pings_unanswered_;
  const beast::websocket::ping_data nothing;
  const auto [error] = co_await stream_.async_ping(nothing, bridge::use_task_tuple);
  if (error) end();
}

task<> peer::write_control() {
  const auto frame = std::move(control_.front());
  control_.pop_front();
  room_.notify();
  co_await send(frame);
}

/// One frame at most, then it is the next one's turn.
task<> peer::serve_one(subscription_table::entry one) {
  using bridge::feed_need;
  auto& feed = one->feed;
  const auto need = feed.next(frame_limits);
  switch (need) {
    case feed_need::wait:
      table_.wait(*one);
      break;
    case feed_need::replay:
    case feed_need::page:
      table_.fetch(one, need);
      if (!fetching_) {
        fetching_ = true;
        start(&peer::fetch);
      }
      break;
    case feed_need::lost:
      lose(one, to_string(errc::history_lost), outlet_.ring().oldest().text());
      co_return;
    default:
      table_.ready(one);
  }
  std::string head;
  feed::piece_ref piece;
  if (need == feed_need::send_piece) {
    piece = feed.take_piece();
    head = one->changes_head;
  } else if (need == feed_need::send_documents) {
    head = wire::documents_frame(one->id, feed.documents(), feed.interest().values);
  } else if (need == feed_need::send_live) {
    head = wire::live_frame(one->id, feed.resume());
  } else if (one->position_due && feed.resumable()) {
    head = wire::position_frame(one->id, feed.resume());
  } else {
    // What was looked through in vain counts as a turn, also for the other connections.
    if (need == feed_need::again) co_await asio::post(stream_.get_executor(), bridge::use_task);
    co_return;
  }
  one->position_due = false;
  one->last_sent = std::chrono::steady_clock::now();
  const auto rest = piece ? std::string_view(piece->text) : std::string_view();
  co_await send(head, rest);
}

void peer::lose(const subscription_table::entry& one, std::string_view code,
                const std::string& oldest) {
  if (one->now == subscriber::turn::ended) return;
  const auto at = one->feed.resumable() ? one->feed.resume() : position{};
  table_.remove(one->id);
  if (code == to_string(errc::history_lost))
    outlet_.ring().subscribers().count(feed::feed_end::history_lost);
  answer(wire::closed_frame(one->id, code, oldest, at));
}

task<> peer::send(std::string_view head, std::string_view rest) {
  const std::array<asio::const_buffer, 2> frame{asio::buffer(head), asio::buffer(rest)};
  acknowledged_ = acknowledged_bytes(stream_.next_layer().socket().native_handle());
  progress_ = std::chrono::steady_clock::now();
  writing_ = true;
  const auto [error, size] = co_await stream_.async_write(frame, bridge::use_task_tuple);
  writing_ = false;
  if (error) end();
}

task<> peer::close_down() {
  if (close_with_ != beast::websocket::close_code::bad_payload) {
    for (const auto& [id, one] : table_.all()) {
      const auto at = one->feed.resumable() ? one->feed.resume() : position{};
      outlet_.ring().subscribers().count(feed::feed_end::going_away);
      control_.push_back(wire::closed_frame(id, "going_away", {}, at));
    }
    table_.clear();
    while (!control_.empty() && life_ != life::ended) co_await write_control();
  }
  if (life_ == life::ended) co_return;
  co_await stream_.async_close(close_with_, bridge::use_task_tuple);
  end();
}

}  // namespace keelson::websocket
