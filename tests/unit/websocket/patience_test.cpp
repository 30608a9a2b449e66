#include <future>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/write.hpp>
#include <caf/actor_cast.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <catch2/catch.hpp>

#include "protocols/websocket/connection.hpp"
#include "tests/unit/websocket/changes_server.hpp"

using namespace keelson;
using namespace keelson::test;
using namespace std::chrono_literals;
using boost::asio::ip::tcp;

namespace {

/// One connection with a client's socket that does nothing of its own accord.
class one_connection {
 public:
  explicit one_connection(websocket::connection_options options)
      : shared_(std::make_shared<shared_log>(3)),
        reader_(spawn_log_actor(system_, shared_)),
        feed_(system_.spawn(feed::run_feed, ring_, caf::actor_cast<messages::log_reader>(reader_),
                            feed::feed_options())),
        gate_(loop_, system_, services(), std::make_shared<bridge::admission>(100)),
        outlet_(loop_, ring_) {
    caf::anon_send(feed_, messages::opened_atom::value,
                   actors::opened_store{.name = std::string(actors::primary_name),
                                        .end = {shared_->log.end(), {}}});
    boost::asio::basic_socket_acceptor<tcp, bridge::executor> acceptor(
        loop_, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
    client_.open(tcp::v4());
    client_.set_option(boost::asio::socket_base::receive_buffer_size(4096));
    client_.connect(acceptor.local_endpoint());
    bridge::tcp_socket accepted(loop_);
    acceptor.accept(accepted);
    connection_ = websocket::connection::make(bridge::client_stream(std::move(accepted)), gate_,
                                              outlet_, options);
    boost::asio::co_spawn(loop_, connection_->run(handshake, "test"),
                          [this](const std::exception_ptr&) {
                            connection_.reset();
                            gate_.close();
                            ended_.set_value();
                          });
    thread_ = std::thread([this] { loop_.run(); });
  }
  ~one_connection() {
    client_.close();
    hung_up_.wait_for(30s);
    loop_.stop();
    thread_.join();
    caf::anon_send_exit(feed_, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(reader_, caf::exit_reason::user_shutdown);
  }

  void send_text(const std::string& frame) {
    // A masked text frame (RFC 6455, 5.2) with the mask zero; short ones only.
    std::string bytes{'\x81', static_cast<char>(0x80 | frame.size()), 0, 0, 0, 0};
    boost::asio::write(client_, boost::asio::buffer(bytes + frame));
  }
  /// Reads bytes until `mark` has come.
  void read_to(std::string_view mark) {
    while (input_.find(mark) == std::string::npos) read_some();
  }
  /// Reads until the service has closed, without ever answering.
  void read_to_end() {
    boost::system::error_code error;
    std::array<char, 4096> piece;
    while (!error)
      input_.append(piece.data(), client_.read_some(boost::asio::buffer(piece), error));
  }
  [[nodiscard]] const std::string& input() const { return input_; }
  void commit_groups(std::size_t count) {
    while (count-- > 0) {
      caf::anon_send(feed_, messages::commit_atom::value,
                     std::make_shared<const committed_group>(shared_->log.next_group()));
    }
  }
  /// True when the connection has ended by itself.
  [[nodiscard]] bool wait_for_end() { return hung_up_.wait_for(30s) == std::future_status::ready; }

 private:
  void read_some() {
    std::array<char, 4096> piece;
    input_.append(piece.data(), client_.read_some(boost::asio::buffer(piece)));
  }
  bridge::services services() {
    bridge::services to;
    to.primary = caf::actor_cast<messages::reader>(reader_);
    to.feed = caf::actor_cast<messages::feed>(feed_);
    to.ring = ring_;
    return to;
  }

  static constexpr const char* handshake =
      "GET /v1/changes HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
      "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
      "Sec-WebSocket-Version: 13\r\n\r\n";

  caf::actor_system_config config_;
  caf::actor_system system_{config_};
  std::shared_ptr<shared_log> shared_;
  std::shared_ptr<feed::feed_ring> ring_ = std::make_shared<feed::feed_ring>();
  log_actor reader_;
  feed::feed_actor feed_;
  boost::asio::io_context loop_{1};
  bridge::gateway gate_;
  bridge::feed_outlet outlet_;
  std::shared_ptr<websocket::connection> connection_;
  std::promise<void> ended_;
  std::shared_future<void> hung_up_ = ended_.get_future().share();
  boost::asio::io_context client_loop_;
  tcp::socket client_{client_loop_};
  std::string input_;
  std::thread thread_;
};

}  // namespace

TEST_CASE("a client that answers no ping is left after two") {
  one_connection connection({.ping_interval = 40ms});
  connection.read_to("101 Switching Protocols");
  connection.read_to_end();
  CHECK(connection.wait_for_end());
  // Two pings (RFC 6455: 0x89, no payload) and nothing else.
  CHECK(connection.input().ends_with(std::string("\x89\0\x89\0", 4)));
}

TEST_CASE("a quiet subscription is told its position again and again") {
  one_connection connection({.position_interval = 40ms});
  connection.read_to("101 Switching Protocols");
  connection.send_text(R"({"type":"subscribe","id":"a"})");
  connection.read_to(R"({"type":"position","id":"a","position":"abcdefgh:0"})");
  SUCCEED();
}

TEST_CASE("a client that takes no byte for the time allowed is closed") {
  one_connection connection({.write_idle = 200ms});
  connection.read_to("101 Switching Protocols");
  connection.send_text(R"({"type":"subscribe","id":"a"})");
  connection.read_to("subscribed");
  // More than the buffers of both sockets hold; the client reads nothing of it.
  connection.commit_groups(60'000);
  CHECK(connection.wait_for_end());
}
