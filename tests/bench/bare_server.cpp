// The ceiling of the figures: a bare Beast server with one thread and one coroutine a connection,
// which gives every request the same answer of 150 bytes. Prints its port, ends with its input.

#include <iostream>
#include <string>
#include <thread>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using executor = asio::io_context::executor_type;
using tcp_socket = asio::basic_stream_socket<asio::ip::tcp, executor>;
template <class T>
using task = asio::awaitable<T, executor>;
constexpr auto as_pair = asio::as_tuple(asio::use_awaitable_t<executor>{});
constexpr std::size_t body_bytes = 150;

task<void> serve(tcp_socket socket) {
  boost::beast::flat_buffer input;
  http::response<http::string_body> answer{http::status::ok, 11};
  answer.set(http::field::content_type, "application/json");
  answer.body() = std::string(body_bytes, '1');
  answer.prepare_payload();
  while (true) {
    http::request<http::string_body> request;
    const auto [unread, taken] = co_await http::async_read(socket, input, request, as_pair);
    if (unread) co_return;
    const auto [unsent, given] = co_await http::async_write(socket, answer, as_pair);
    if (unsent) co_return;
  }
}

task<void> accept(asio::basic_socket_acceptor<asio::ip::tcp, executor>& from,
                  asio::io_context& on) {
  while (true) {
    tcp_socket socket(on);
    const auto [failed] = co_await from.async_accept(socket, as_pair);
    if (failed) co_return;
    socket.set_option(asio::ip::tcp::no_delay(true));
    asio::co_spawn(on, serve(std::move(socket)), asio::detached);
  }
}

}  // namespace

int main() {
  asio::io_context loop(1);
  asio::basic_socket_acceptor<asio::ip::tcp, executor> listening(
      loop, {asio::ip::make_address("127.0.0.1"), 0});
  std::cout << listening.local_endpoint().port() << std::endl;
  asio::co_spawn(loop, accept(listening, loop), asio::detached);
  const std::jthread serving([&] { loop.run(); });
  std::cin.get();  // until whoever started it is gone
  loop.stop();
}
