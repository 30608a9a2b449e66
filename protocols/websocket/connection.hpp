#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

#include "protocols/bridge/client_stream.hpp"
#include "protocols/bridge/feed_outlet.hpp"
#include "protocols/bridge/gateway.hpp"
#include "protocols/bridge/io.hpp"

namespace keelson::websocket {

struct connection_options {
  std::size_t subscriptions = 1024;
  std::size_t inbound_frame_bytes = std::size_t{64} << 10;
  std::size_t answers_waiting = 64;  ///< for the client; no more of its frames are read then
  std::size_t bad_frames = 10;       ///< the last of which closes
  std::chrono::milliseconds ping_interval{20'000};
  std::size_t pings_unanswered = 2;  ///< after which it leaves
  std::chrono::milliseconds position_interval{10'000};
  std::chrono::milliseconds write_idle{30'000};  ///< without a byte taken
  std::chrono::milliseconds close_time{3'000};   ///< for the handshakes at begin and end
};

/// Why the service leaves a connection.
enum class departure : std::uint8_t { service_stops, access_ended };

/// One WebSocket connection with its subscriptions (docs: "Changes", 3): a coroutine that reads,
/// one that writes, one that keeps the time. To be used on its IO thread; the gateway and the
/// outlet outlive run().
class connection : public std::enable_shared_from_this<connection> {
 public:
  [[nodiscard]] static std::shared_ptr<connection> make(bridge::client_stream stream,
                                                        bridge::gateway& gate,
                                                        bridge::feed_outlet& outlet,
                                                        connection_options options = {});
  virtual ~connection() = default;

  /// Answers the upgrade whose head begins `request`, and serves the connection to its end.
  [[nodiscard]] virtual bridge::task<> run(std::string request, std::string request_id) = 0;
  /// Tells each subscription its position, then closes with 1001, or 1008 when access has ended.
  virtual void go_away(departure why) = 0;
};

}  // namespace keelson::websocket
