#include "protocols/http/listener.hpp"

#include <chrono>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

#include "protocols/http/loop_timer.hpp"
#include "protocols/model/log_text.hpp"

namespace keelson::http {

namespace asio = bridge::asio;

namespace {

using namespace std::chrono_literals;

/// Between tries when no descriptor or no memory is left.
constexpr auto pause_when_exhausted = 100ms;

constexpr std::string_view refusal =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/problem+json\r\n"
    "Content-Length: 135\r\nRetry-After: 5\r\nConnection: close\r\n\r\n"
    "{\"type\":\"about:blank\",\"title\":\"Service Unavailable\",\"status\":503,"
    "\"detail\":\"too many connections; nothing was done\",\"code\":\"overloaded\"}";

}  // namespace

listener::listener(service_info& info, loops over)
    : info_(info), loops_(over), acceptor_(over.front()->context()) {}

result<std::unique_ptr<listener>> listener::open(bound_address& on, service_info& info,
                                                 loops over) {
  std::unique_ptr<listener> opened(new listener(info, over));
  boost::system::error_code failed;
  opened->acceptor_.assign(on.endpoint().protocol(), on.release(), failed);
  if (!failed) opened->acceptor_.listen(asio::socket_base::max_listen_connections, failed);
  if (failed) return std::unexpected(bound_address::cannot_listen(on.endpoint(), failed));
  opened->port_ = on.endpoint().port();
  asio::co_spawn(over.front()->context(), opened->accept(), asio::detached);
  return opened;
}

void listener::close() {
  asio::post(loops_.front()->context(), [this] {
    boost::system::error_code ignored;
    acceptor_.close(ignored);
  });
}

bridge::task<> listener::accept() {
  loop_timer pause(loops_.front()->context());
  std::size_t failures = 0;  // in a row
  for (std::size_t turn = 0; acceptor_.is_open(); ++turn) {
    io_loop& loop = *loops_[turn % loops_.size()];
    auto accepting = acceptor_.async_accept(loop.context(), bridge::use_task_tuple);
    auto [failed, socket] = co_await std::move(accepting);
    if (!failed) {
      if (failures > 0)
        spdlog::info("component=http event=accepting_again failures={}",
                     std::exchange(failures, 0));
      take(std::move(socket), loop);
    } else if (failed == asio::error::operation_aborted) {
      co_return;
    } else if (failed != asio::error::connection_aborted) {
      if (info_.metrics) info_.metrics->refused.at("descriptors").add();
      if (failures++ == 0) {
        spdlog::warn("component=http event=cannot_accept reason={} connections={}",
                     log_quoted(failed.message()), info_.connections.load());
      }
      pause.expires_after(pause_when_exhausted);
      auto waiting = pause.async_wait(bridge::use_task_tuple);
      co_await std::move(waiting);
    }
  }
}

void listener::take(bridge::tcp_socket socket, io_loop& loop) {
  if (info_.connections.fetch_add(1) >= info_.options.connection.connections) {
    info_.connections.fetch_sub(1);
    if (info_.metrics) info_.metrics->refused.at("connections").add();
    boost::system::error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(refusal), ignored);
    return;
  }
  if (&loop == loops_.front().get()) {
    loop.serve(std::move(socket));
  } else {
    asio::post(loop.context(),
               [&loop, socket = std::move(socket)]() mutable { loop.serve(std::move(socket)); });
  }
}

}  // namespace keelson::http
