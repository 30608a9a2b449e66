#include <utility>

#include "protocols/bridge/feed_subscription.hpp"
#include "protocols/bridge/feed_waiter.hpp"
#include "protocols/bridge/gateway.hpp"
#include "protocols/http/changes_request.hpp"
#include "protocols/http/request_options.hpp"
#include "protocols/wire/feed_frames.hpp"

namespace keelson::http {
namespace {

using namespace std::chrono_literals;
using bridge::feed_need;

constexpr auto position_interval = 10s;
/// Between tries while the log cannot be read.
constexpr auto retry_interval = 1s;
constexpr wire::selection_limits piece_limits{.frame_bytes = wire::max_frame_bytes};

/// One stream of events, from its first position on.
class event_stream {
 public:
  event_stream(exchange& with, const changes_request& wanted, const position& from)
      : with_(with),
        subscription_(wanted.interest, from, bridge::feed_subscription::start::changes,
                      with.feed()),
        waiter_(with.gate().loop().get_executor(), with.feed()) {
    with.on_going_away([wake = waiter_.waker()](parting) mutable { wake(); });
  }

  task<> run() {
    bool open = co_await send_position();
    while (open && !with_.going_away()) open = co_await step();
    if (!open) co_return;
    with_.feed().ring().subscribers().count(feed::feed_end::going_away);
    co_await send_position();
  }

 private:
  using steady = std::chrono::steady_clock;

  /// False: the stream has ended.
  task<bool> step() {
    const auto need = subscription_.next(piece_limits);
    if (need == feed_need::lost) co_return co_await say_lost(with_.feed().ring().oldest().text());
    if (need == feed_need::send_piece) {
      const auto piece = subscription_.take_piece();
      sent_ = steady::now();
      co_return co_await with_.send(piece->text);
    }
    if (steady::now() - sent_ >= position_interval) co_return co_await send_position();
    if (need == feed_need::wait) co_await waiter_.until(sent_ + position_interval);
    if (need == feed_need::again) co_await waiter_.until(steady::now());
    if (need == feed_need::replay) co_return co_await read_log();
    co_return true;
  }

  task<bool> read_log() {
    auto request = subscription_.replay_request();
    auto slice = co_await with_.gate().ask_replay(std::move(request), with_.timeout());
    if (slice) {
      subscription_.replayed(*std::move(slice));
      co_return true;
    }
    if (slice.error().code == errc::history_lost) co_return co_await say_lost(slice.error().oldest);
    co_await waiter_.until(steady::now() + retry_interval);
    co_return true;
  }

  task<bool> send_position() {
    sent_ = steady::now();
    const auto event = wire::position_event(subscription_.resume());
    co_return co_await with_.send(event);
  }

  task<bool> say_lost(std::string oldest) {
    with_.feed().ring().subscribers().count(feed::feed_end::history_lost);
    const auto event = wire::closed_event(to_string(errc::history_lost), oldest);
    co_await with_.send(event);
    co_return false;
  }

  exchange& with_;
  bridge::feed_subscription subscription_;
  bridge::feed_waiter waiter_;
  steady::time_point sent_;
};

response stream_head() {
  response head{.content_type = event_stream_type};
  head.add_header("Cache-Control", "no-store");
  return head;
}

}  // namespace

task<result<response>> send_changes_events(exchange& with) {
  auto wanted = changes_request_of(with, feed::change_form::events);
  if (!wanted) co_return pass_on(std::move(wanted));
  auto resolved = co_await with.gate().ask_resolve(wanted->since, with.timeout());
  const bool lost = !resolved && resolved.error().code == errc::history_lost;
  if (!resolved && !lost) co_return pass_on(std::move(resolved));
  auto head = stream_head();
  if (!lost) add_read_headers(head, with, resolved->from);
  if (!co_await with.open_stream(std::move(head))) co_return response::streamed();
  if (lost) {
    const auto& why = resolved.error();
    const auto event = wire::closed_event(to_string(why.code), why.oldest);
    co_await with.send(event);
  } else {
    event_stream stream(with, *wanted, resolved->from);
    co_await stream.run();
  }
  co_return response::streamed();
}

}  // namespace keelson::http
