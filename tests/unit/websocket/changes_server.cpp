#include "tests/unit/websocket/changes_server.hpp"

#include <stdexcept>

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <caf/actor_cast.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <sys/socket.h>
#include <sys/time.h>

namespace keelson::test {

using boost::asio::ip::tcp;
namespace beast = boost::beast;

namespace {

bridge::services services_of(const feed::feed_actor& feed, const log_actor& reader,
                             std::shared_ptr<feed::feed_ring> ring) {
  bridge::services to;
  to.primary = caf::actor_cast<messages::reader>(reader);
  to.feed = caf::actor_cast<messages::feed>(feed);
  to.ring = std::move(ring);
  return to;
}

/// Blocking reads end after 30 s, so that no test waits for ever.
void limit_waits(tcp::socket& socket) {
  const timeval limit{.tv_sec = 30};
  setsockopt(socket.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
}

}  // namespace

changes_server::changes_server(std::size_t ring_bytes, std::uint64_t seed)
    : system_(config_),
      shared_(std::make_shared<shared_log>(seed)),
      ring_(std::make_shared<feed::feed_ring>(ring_bytes)),
      reader_(spawn_log_actor(system_, shared_)),
      feed_(system_.spawn(feed::run_feed, ring_, caf::actor_cast<messages::log_reader>(reader_),
                          feed::feed_options())) {
  caf::anon_send(feed_, messages::opened_atom::value,
                 actors::opened_store{.name = std::string(actors::primary_name),
                                      .end = {shared_->log.end(), {}}});
  http::server_options options;
  const auto bound = http::bound_address::take(options.address, 0);
  if (!bound) throw std::runtime_error(bound.error().detail);
  server_ = std::make_unique<http::server>(std::move(options), system_,
                                           services_of(feed_, reader_, ring_));
  const auto port = server_->start(**bound);
  if (!port) throw std::runtime_error(port.error().detail);
  port_ = *port;
}

changes_server::~changes_server() {
  server_.reset();
  caf::anon_send_exit(feed_, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(reader_, caf::exit_reason::user_shutdown);
}

void changes_server::commit_groups(std::size_t count) {
  while (count-- > 0) {
    const std::scoped_lock lock(shared_->mutex);
    caf::anon_send(feed_, messages::commit_atom::value,
                   std::make_shared<const committed_group>(shared_->log.next_group()));
  }
}

void changes_server::replace_history(const position& base) {
  caf::anon_send(feed_, messages::replace_atom::value, actors::history_break{.end = {base, {}}});
}

position changes_server::end() {
  const std::scoped_lock lock(shared_->mutex);
  return shared_->log.end();
}

socket_client::socket_client(std::uint16_t port) : stream_(loop_) {
  auto& socket = stream_.next_layer();
  socket.connect({boost::asio::ip::address_v4::loopback(), port});
  limit_waits(socket);
  stream_.read_message_max(64U << 20);
  stream_.handshake("127.0.0.1:" + std::to_string(port), "/v1/changes");
}

void socket_client::send(const std::string& frame) {
  stream_.write(boost::asio::buffer(frame));
}

boost::json::object socket_client::read() {
  beast::flat_buffer buffer;
  stream_.read(buffer);
  const auto data = buffer.cdata();
  return boost::json::parse({static_cast<const char*>(data.data()), data.size()}).as_object();
}

boost::json::object socket_client::read_until(std::string_view type) {
  while (true) {
    auto frame = read();
    if (frame.at("type").as_string() == type) return frame;
  }
}

unsigned socket_client::read_close_code() {
  boost::system::error_code error;
  while (!error) {
    beast::flat_buffer buffer;
    stream_.read(buffer, error);
  }
  return stream_.reason().code;
}

beast::http::response<beast::http::string_body> get_http(std::uint16_t port,
                                                         const std::string& target) {
  boost::asio::io_context loop;
  tcp::socket socket(loop);
  socket.connect({boost::asio::ip::address_v4::loopback(), port});
  limit_waits(socket);
  beast::http::request<beast::http::empty_body> request(beast::http::verb::get, target, 11);
  request.set(beast::http::field::host, "127.0.0.1:" + std::to_string(port));
  beast::http::write(socket, request);
  beast::flat_buffer buffer;
  beast::http::response<beast::http::string_body> response;
  beast::http::read(socket, buffer, response);
  return response;
}

}  // namespace keelson::test
