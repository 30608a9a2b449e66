#include <utility>

#include "protocols/bridge/gateway.hpp"
#include "protocols/http/changes_request.hpp"
#include "protocols/http/service_info.hpp"
#include "protocols/websocket/connection.hpp"

namespace keelson::http {

namespace {

/// What the handshake asks of a head (RFC 6455, 4.2.1), besides Upgrade.
result<void> check_handshake(const request_head& head) {
  constexpr std::size_t key_size = 24;  // 16 bytes in base 64
  if (head.websocket_version != "13")
    return fail(errc::invalid_parameter, "a WebSocket here has Sec-WebSocket-Version: 13");
  if (head.websocket_key.size() != key_size)
    return fail(errc::invalid_parameter, "a WebSocket has Sec-WebSocket-Key, 16 bytes in base 64");
  return {};
}

std::move_only_function<void(parting)> farewell_of(
    const std::shared_ptr<websocket::connection>& peer) {
  return [peer](parting why) {
    peer->go_away(why == parting::service_stops ? websocket::departure::service_stops
                                                : websocket::departure::access_ended);
  };
}

}  // namespace

task<result<response>> serve_changes_socket(exchange& with) {
  if (auto checked = check_handshake(with.head()); !checked) co_return pass_on(std::move(checked));
  auto request_id = with.context().request_id;
  auto left = co_await with.upgrade();
  const connection_limits& limits = with.info().options.connection;
  const auto peer = websocket::connection::make(std::move(left.stream), with.gate(), with.feed(),
                                                {.subscriptions = limits.subscriptions,
                                                 .inbound_frame_bytes = limits.inbound_frame_bytes,
                                                 .answers_waiting = limits.requests_in_flight,
                                                 .write_idle = limits.write_idle});
  with.on_going_away(farewell_of(peer));
  co_await peer->run(std::move(left.bytes), std::move(request_id));
  co_return response::upgraded();
}

}  // namespace keelson::http
