#include "protocols/websocket/peer.hpp"

#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <spdlog/spdlog.h>

#include "protocols/model/log_text.hpp"
#include "protocols/wire/feed_frames.hpp"

namespace keelson::websocket {

namespace http = boost::beast::http;

namespace {

/// Memory that an idle connection keeps for reading.
constexpr std::size_t idle_input_bytes = 4096;

/// Calls what it was given unless the coroutine around it comes to its own end.
template <class Call>
class when_destroyed {
 public:
  explicit when_destroyed(Call call) : call_(std::move(call)) {}
  ~when_destroyed() {
    if (armed_) call_();
  }
  when_destroyed(const when_destroyed&) = delete;
  when_destroyed& operator=(const when_destroyed&) = delete;
  void disarm() noexcept { armed_ = false; }

 private:
  Call call_;
  bool armed_ = true;
};

}  // namespace

std::shared_ptr<connection> connection::make(bridge::client_stream stream, bridge::gateway& gate,
                                             bridge::feed_outlet& outlet,
                                             connection_options options) {
  return std::make_shared<peer>(std::move(stream), gate, outlet, options);
}

peer::peer(bridge::client_stream stream, bridge::gateway& gate, bridge::feed_outlet& outlet,
           connection_options options)
    : listener(outlet),
      stream_(std::move(stream)),
      gate_(gate),
      outlet_(outlet),
      options_(options),
      writer_(stream_.get_executor()),
      room_(stream_.get_executor()),
      fetched_sent_(stream_.get_executor()),
      part_end_(stream_.get_executor()),
      tick_(stream_.get_executor()),
      next_ping_(std::chrono::steady_clock::now() + options.ping_interval) {}

task<> peer::run(std::string request, std::string request_id) {
  if (!co_await accept(std::move(request), std::move(request_id))) co_return;
  // The writer and the fetcher wait in their signals, not in the loop, and hold this object.
  when_destroyed let_go([this] {
    writer_.abandon();
    fetched_sent_.abandon();
  });
  start(&peer::write_frames);
  start(&peer::keep_time);
  co_await read_frames();
  end();
  while (parts_ > 0) co_await part_end_.wait();
  let_go.disarm();
}

task<bool> peer::accept(std::string request, std::string request_id) {
  http::request_parser<http::string_body> parser;
  boost::system::error_code failed;
  parser.eager(false);
  parser.put(asio::buffer(request), failed);
  if (failed || !parser.is_header_done()) co_return false;
  stream_.set_option(
      beast::websocket::stream_base::timeout{.handshake_timeout = options_.close_time,
                                             .idle_timeout = beast::websocket::stream_base::none(),
                                             .keep_alive_pings = false});
  beast::websocket::stream_base::decorator head(
      [id = std::move(request_id)](beast::websocket::response_type& response) {
        response.set(http::field::server, "keelson");
        response.set("X-Request-Id", id);
      });
  stream_.set_option(std::move(head));
  stream_.auto_fragment(false);
  stream_.read_message_max(options_.inbound_frame_bytes);
  stream_.text(true);
  stream_.control_callback([this](auto, auto) { pings_unanswered_ = 0; });
  const auto [error] = co_await stream_.async_accept(parser.get(), bridge::use_task_tuple);
  co_return !error;
}

void peer::start(task<> (peer::*part)()) {
  ++parts_;
  auto self = std::static_pointer_cast<peer>(shared_from_this());
  asio::co_spawn(stream_.get_executor(), run_part(std::move(self), part), asio::detached);
}

task<> peer::run_part(std::shared_ptr<peer> self, task<> (peer::*part)()) {
  try {
    co_await (self.get()->*part)();
  } catch (const std::exception& thrown) {
    spdlog::error("component=websocket event=failed error={}", log_quoted(thrown.what()));
    self->end();
  }
  --self->parts_;
  self->part_end_.notify();
}

void peer::end() noexcept {
  if (life_ == life::ended) return;
  life_ = life::ended;
  boost::system::error_code ignored;
  stream_.next_layer().socket().close(ignored);
  tick_.cancel();
  table_.clear();
  writer_.notify();
  room_.notify();
  fetched_sent_.notify();
}

void peer::go_away(departure why) {
  if (life_ != life::open) return;
  begin_close(why == departure::service_stops ? beast::websocket::close_code::going_away
                                              : beast::websocket::close_code::policy_error);
}

void peer::begin_close(beast::websocket::close_code code) {
  life_ = life::closing;
  closing_since_ = std::chrono::steady_clock::now();
  close_with_ = code;
  writer_.notify();
}

void peer::feed_moved() {
  table_.wake_waiting();
  if (table_.any_ready()) writer_.notify();
}

task<> peer::read_frames() {
  while (life_ != life::ended) {
    const auto [error, size] = co_await stream_.async_read(input_, bridge::use_task_tuple);
    if (error) co_return;  // a frame too large was answered with 1009
    pings_unanswered_ = 0;
    if (life_ == life::open) {
      const auto data = input_.cdata();
      if (stream_.got_text()) {
        co_await take_frame({static_cast<const char*>(data.data()), data.size()});
      } else {
        refuse({{}, {errc::invalid_json, "a frame must be text"}});
      }
    }
    input_.consume(input_.size());
    if (input_.capacity() > idle_input_bytes) input_.shrink_to_fit();
    while (control_.size() >= options_.answers_waiting && life_ == life::open)
      co_await room_.wait();
  }
}

task<> peer::take_frame(std::string_view text) {
  auto frame = wire::parse_client_frame(text);
  if (!frame) {
    refuse(frame.error());
  } else if (auto* wanted = std::get_if<wire::subscribe_request>(&*frame)) {
    co_await subscribe(std::move(*wanted));
  } else if (const auto* unwanted = std::get_if<wire::unsubscribe_request>(&*frame)) {
    unsubscribe(unwanted->id);
  } else {
    answer(std::string(wire::pong_frame()));
  }
}

void peer::refuse(const wire::frame_problem& problem) {
  answer(wire::error_frame(problem.id, to_string(problem.why.code), problem.why.detail));
  if (++bad_frames_ < options_.bad_frames || life_ != life::open) return;
  begin_close(beast::websocket::close_code::bad_payload);
}

task<> peer::subscribe(wire::subscribe_request wanted) {
  if (table_.has(wanted.id)) {
    answer(wire::error_frame(wanted.id, "duplicate_id", "this id is in use; it stays as it is"));
    co_return;
  }
  if (table_.size() >= options_.subscriptions) {
    answer(wire::error_frame(wanted.id, to_string(errc::too_many_requests),
                             "too many subscriptions on this connection"));
    co_return;
  }
  const auto resolved = co_await gate_.ask_resolve(wanted.since);
  if (life_ != life::open) co_return;
  if (!resolved) {
    const auto& why = resolved.error();
    answer(why.code == errc::history_lost
               ? wire::closed_frame(wanted.id, to_string(why.code), why.oldest, {})
               : wire::error_frame(wanted.id, to_string(why.code), why.detail));
    co_return;
  }
  auto interest = std::make_shared<feed::feed_interest>(
      feed::feed_interest{.filter = std::move(wanted.filter), .values = wanted.values});
  using how = bridge::feed_subscription::start;
  const auto begin = wanted.snapshot == wire::snapshot_wish::wanted ? how::snapshot : how::changes;
  answer(wire::subscribed_frame(wanted.id, resolved->from));
  table_.add(std::make_shared<subscriber>(std::move(wanted.id), std::move(interest), resolved->from,
                                          begin, outlet_, std::chrono::steady_clock::now()));
}

void peer::unsubscribe(std::string_view id) {
  const auto one = table_.remove(id);
  if (!one) {
    answer(
        wire::error_frame(id, to_string(errc::not_found), "there is no subscription of this id"));
    return;
  }
  fetched_sent_.notify();
  const auto at = one->feed.resumable() ? one->feed.resume() : position{};
  outlet_.ring().subscribers().count(feed::feed_end::unsubscribed);
  answer(wire::closed_frame(id, "unsubscribed", {}, at));
}

void peer::answer(std::string frame) {
  control_.push_back(std::move(frame));
  writer_.notify();
}

}  // namespace keelson::websocket
