#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "metrics/registry.hpp"
#include "protocols/bridge/client_stream.hpp"
#include "protocols/bridge/gateway.hpp"
#include "protocols/http/tokens.hpp"
#include "protocols/model/clock.hpp"
#include "protocols/wire/limits.hpp"

namespace keelson::http {

using namespace std::chrono_literals;

/// How long a client may take, and how much it may send before it is refused. Times are kept to
/// within a quarter of a second.
struct connection_limits {
  std::size_t connections = 16'384;
  std::size_t head_bytes = std::size_t{16} << 10;
  std::chrono::milliseconds head_time = 10s;
  std::chrono::milliseconds body_idle = 30s;
  std::chrono::milliseconds keep_alive = 60s;
  std::chrono::milliseconds write_idle = 30s;  ///< without a byte taken
  std::size_t refused_body_bytes = std::size_t{8} << 20;
  std::chrono::milliseconds refused_body_time = 5s;
  std::chrono::milliseconds tls_end_time = 1s;  ///< for the client to take note of the end
  std::size_t subscriptions = 1024;             ///< of a WebSocket
  std::size_t inbound_frame_bytes = std::size_t{64} << 10;  ///< of a WebSocket
  std::size_t requests_in_flight = 64;  ///< frames of a WebSocket whose answers it has not taken
};

/// How long connections that were cut may take to end by themselves.
inline constexpr std::chrono::milliseconds cut_time = 1s;

struct server_options {
  std::string address = "127.0.0.1";  ///< the one that is listened on, as access rules know it
  std::size_t io_threads = 1;
  std::size_t requests_in_flight = 4096;
  std::size_t bulk_lines_in_flight = 256;    ///< of one bulk load
  std::vector<std::string> host_names;       ///< besides the listening address and loopback
  std::vector<std::string> allowed_origins;  ///< `https://example.org`; none by default
  std::vector<access_token> tokens;          ///< none: everybody may do everything
  bridge::client_stream::tls_keys tls;       ///< null: plain HTTP
  connection_limits connection;
  wire::content_limits content;
  std::chrono::milliseconds default_timeout = 5s;
  std::chrono::milliseconds longest_timeout = 60s;
  std::chrono::milliseconds slow_request = 0s;  ///< one that took longer is logged; 0: none
  std::chrono::milliseconds verify_wait = 2s;   ///< the deadline of `?verify=wait`
  bridge::gateway_options gateway;              ///< budgets are for all IO threads together
  std::string version;
  wall_clock clock = system_wall_clock();
  metrics::registry* registry = nullptr;  ///< counts requests; outlives the server; null: none
  /// What `/metrics` shows; called on IO threads.
  std::function<std::string()> metrics_text;
};

}  // namespace keelson::http
