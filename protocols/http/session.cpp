#include "protocols/http/session.hpp"

#include <boost/asio/post.hpp>

namespace keelson::http {

session::session(bridge::client_stream stream, io_loop& loop)
    : stream_(std::move(stream)), loop_(loop), options_(loop.info().options) {
  boost::system::error_code ignored;
  stream_.socket().non_blocking(true, ignored);
  stream_.socket().set_option(bridge::asio::ip::tcp::no_delay(true), ignored);
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
  if (!co_await shake_hands()) co_return;
  while (keep_alive_ && !broken_) {
    if (!co_await read_head()) break;
    co_await serve_request();
  }
  const bool written = co_await flush();
  if (written && linger_) co_await discard_input();
  if (written) co_await say_end();
}

void session::begin_drain() {
  if (wake_) bridge::asio::post(loop_.context(), std::exchange(wake_, nullptr));
  if (idle_) cut();
}

void session::cut() {
  boost::system::error_code ignored;
  stream_.socket().cancel(ignored);
}

}  // namespace keelson::http
