#include <utility>

#include "protocols/bridge/gateway.hpp"
#include "protocols/http/changes_request.hpp"
#include "protocols/http/service_info.hpp"
#include "protocols/websocket/connection.hpp"

namespace keelson::http {

task<result<response>> serve_changes_socket(exchange& with) {
  auto request_id = with.context().request_id;
  auto left = with.upgrade();
  const connection_limits& limits = with.info().options.connection;
  const auto peer = websocket::connection::make(std::move(left.stream), with.gate(), with.feed(),
                                                {.subscriptions = limits.subscriptions,
                                                 .inbound_frame_bytes = limits.inbound_frame_bytes,
                                                 .answers_waiting = limits.requests_in_flight,
                                                 .write_idle = limits.write_idle});
  with.on_going_away([peer] { peer->go_away(); });
  co_await peer->run(std::move(left.bytes), std::move(request_id));
  co_return response::upgraded();
}

}  // namespace keelson::http
