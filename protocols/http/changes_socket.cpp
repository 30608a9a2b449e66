#include <utility>

#include "protocols/bridge/gateway.hpp"
#include "protocols/http/changes_request.hpp"
#include "protocols/websocket/connection.hpp"

namespace keelson::http {

task<result<response>> serve_changes_socket(exchange& with) {
  auto request_id = with.context().request_id;
  auto left = with.upgrade();
  const auto peer = websocket::connection::make(std::move(left.socket), with.gate(), with.feed());
  with.on_going_away([peer] { peer->go_away(); });
  co_await peer->run(std::move(left.bytes), std::move(request_id));
  co_return response::upgraded();
}

}  // namespace keelson::http
