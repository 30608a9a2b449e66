#include "protocols/http/session.hpp"

#include <boost/asio/post.hpp>

namespace keelson::http {

session::session(bridge::tcp_socket socket, io_loop& loop)
    : socket_(std::move(socket)), loop_(loop), options_(loop.info().options) {
  boost::system::error_code ignored;
  socket_.non_blocking(true, ignored);
  socket_.set_option(bridge::asio::ip::tcp::no_delay(true), ignored);
  loop_.add(*this);
  if (const auto& metrics = loop_.info().metrics) {
    metrics->connections.add();
    metrics->open_connections.add(1);
  }
}

session::~session() {
  loop_.remove(*this);
  if (const auto& metrics = loop_.info().metrics) metrics->open_connections.add(-1);
}

task<> session::run() {
  while (keep_alive_ && !broken_) {
    if (!co_await read_head()) break;
    co_await serve_request();
  }
  const bool written = co_await flush();
  if (written && linger_) co_await discard_input();
}

void session::begin_drain() {
  if (wake_) bridge::asio::post(loop_.context(), std::exchange(wake_, nullptr));
  if (idle_) cut();
}

void session::cut() {
  boost::system::error_code ignored;
  socket_.cancel(ignored);
}

}  // namespace keelson::http
