#pragma once

#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

#include "protocols/bridge/wake_signal.hpp"
#include "protocols/websocket/connection.hpp"
#include "protocols/websocket/subscription_table.hpp"
#include "protocols/wire/feed_request.hpp"

namespace keelson::websocket {

namespace asio = bridge::asio;
namespace beast = boost::beast;
using bridge::task;

/// The connection behind the interface, with Beast.
class peer final : public connection, private bridge::feed_outlet::listener {
 public:
  peer(bridge::client_stream stream, bridge::gateway& gate, bridge::feed_outlet& outlet,
       connection_options options);

  task<> run(std::string request, std::string request_id) override;
  void go_away(departure why) override;

 private:
  using timer =
      asio::basic_waitable_timer<std::chrono::steady_clock,
                                 asio::wait_traits<std::chrono::steady_clock>, bridge::executor>;
  enum class life : std::uint8_t { open, closing, ended };

  void feed_moved() override;

  // Reading; peer.cpp.
  task<bool> accept(std::string request, std::string request_id);
  task<> read_frames();
  task<> take_frame(std::string_view text);
  void refuse(const wire::frame_problem& problem);
  task<> subscribe(wire::subscribe_request wanted);
  void unsubscribe(std::string_view id);
  void answer(std::string frame);
  void start(task<> (peer::*part)());
  task<> run_part(std::shared_ptr<peer> self, task<> (peer::*part)());
  void begin_close(beast::websocket::close_code code);
  void end() noexcept;

  // Writing; peer_writer.cpp.
  task<> write_frames();
  task<> write_control();
  task<> serve_one(subscription_table::entry one);
  task<> serve_position(subscription_table::entry one);
  task<> send_ping();
  task<> send(std::string_view head, std::string_view rest = {});
  task<> close_down();
  void lose(const subscription_table::entry& one, std::string_view code, const std::string& oldest);

  // What lies behind the ring; peer_fetch.cpp.
  task<> fetch();
  task<result<void>> fetch_for(subscription_table::entry one);
  task<> fetch_failed(subscription_table::entry one, error why);

  // Time; peer_watch.cpp.
  task<> keep_time();
  void check_progress(steady_time now);
  void check_pings(steady_time now);

  beast::websocket::stream<bridge::client_stream, false> stream_;
  bridge::gateway& gate_;
  bridge::feed_outlet& outlet_;
  const connection_options options_;
  bridge::wake_signal writer_;        ///< there may be something to write
  bridge::wake_signal room_;          ///< control_ has become shorter
  bridge::wake_signal fetched_sent_;  ///< something was sent, or there is no more to send
  bridge::wake_signal part_end_;      ///< one of the coroutines has ended
  timer tick_;
  beast::flat_buffer input_;

  subscription_table table_;
  std::deque<std::string> control_;  ///< frames that answer the client, in order
  life life_ = life::open;
  beast::websocket::close_code close_with_ = beast::websocket::close_code::none;
  std::size_t parts_ = 0;
  bool fetching_ = false;
  std::size_t bad_frames_ = 0;
  steady_time closing_since_;

  bool ping_due_ = false;
  std::size_t pings_unanswered_ = 0;
  steady_time next_ping_;
  bool writing_ = false;
  std::uint64_t acknowledged_ = 0;
  steady_time progress_;  ///< when the client last took a byte while something was written
};

}  // namespace keelson::websocket
