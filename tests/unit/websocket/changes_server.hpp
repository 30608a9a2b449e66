#pragma once

#include <chrono>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <boost/json.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include "actors/feed/feed_actor.hpp"
#include "protocols/http/server.hpp"
#include "tests/unit/feed/log_actor.hpp"

namespace keelson::test {

/// A server on a free port with a real feed, over a history that grows when a test says so.
class changes_server {
 public:
  explicit changes_server(std::size_t ring_bytes = feed::feed_ring::default_max_bytes,
                          std::uint64_t seed = 23);
  ~changes_server();

  void commit_groups(std::size_t count);
  void replace_history(const position& base);
  [[nodiscard]] position end();
  /// As it is now; to be used while nothing is committed.
  [[nodiscard]] const history& log() const noexcept { return shared_->log; }
  [[nodiscard]] shared_log& shared() noexcept { return *shared_; }
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] http::server& server() noexcept { return *server_; }
  [[nodiscard]] feed::feed_ring& ring() noexcept { return *ring_; }

 private:
  caf::actor_system_config config_;
  caf::actor_system system_;
  std::shared_ptr<shared_log> shared_;
  std::shared_ptr<feed::feed_ring> ring_;
  log_actor reader_;
  feed::feed_actor feed_;
  std::unique_ptr<http::server> server_;
  std::uint16_t port_ = 0;
};

/// A WebSocket client that reads frame by frame; a test that waits in vain fails after 30 s.
class socket_client {
 public:
  explicit socket_client(std::uint16_t port);

  void send(const std::string& frame);
  [[nodiscard]] boost::json::object read();
  /// Reads until a frame of this type comes.
  [[nodiscard]] boost::json::object read_until(std::string_view type);
  /// Reads until the service closes, and returns the close code.
  [[nodiscard]] unsigned read_close_code();

 private:
  boost::asio::io_context loop_;
  boost::beast::websocket::stream<boost::asio::ip::tcp::socket> stream_;
};

/// One request, one answer.
[[nodiscard]] boost::beast::http::response<boost::beast::http::string_body> get_http(
    std::uint16_t port, const std::string& target);

}  // namespace keelson::test
