#include "protocols/http/session.hpp"

#include <boost/asio/post.hpp>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace keelson::http {

namespace {

/// A client that vanished without a word is known by what it does not acknowledge. One that lives
/// and takes nothing is left by other deadlines before that.
void limit_unacknowledged(int native_socket, std::chrono::milliseconds write_idle) noexcept {
  constexpr std::chrono::milliseconds grace = 10s;
  const auto most = static_cast<unsigned>((write_idle + grace).count());
  ::setsockopt(native_socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &most, sizeof most);
}

}  // namespace

session::session(bridge::client_stream stream, io_loop& loop)
    : stream_(std::move(stream)), loop_(loop), options_(loop.info().options) {
  boost::system::error_code ignored;
  stream_.socket().non_blocking(true, ignored);
  stream_.socket().set_option(bridge::asio::ip::tcp::no_delay(true), ignored);
  limit_unacknowledged(stream_.socket().native_handle(), options_.connection.write_idle);
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

/// Nothing is being written while there is something in output_.
void session::send_held() {
  if (!output_.empty() && !broken_) static_cast<void>(try_flush());
}

void session::begin_drain() {
  part(parting::service_stops);
  if (idle_) cut();
}

void session::check_access() {
  if (!wake_ || check_token()) return;
  access_ended_ = true;
  part(parting::access_ended);
}

void session::part(parting why) {
  if (!wake_) return;
  bridge::asio::post(loop_.context(),
                     [wake = std::exchange(wake_, nullptr), why]() mutable { wake(why); });
}

void session::cut() {
  boost::system::error_code ignored;
  stream_.socket().cancel(ignored);
}

}  // namespace keelson::http
