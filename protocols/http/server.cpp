#include "protocols/http/server.hpp"

#include <csignal>
#include <thread>
#include <vector>

#include <boost/asio/post.hpp>

#include "protocols/http/io_loop.hpp"
#include "protocols/http/listener.hpp"

namespace keelson::http {

namespace asio = bridge::asio;

class server::state {
 public:
  state(server_options options, caf::actor_system& system, const bridge::services& to)
      : info(std::move(options)),
        places(std::make_shared<bridge::admission>(info.options.requests_in_flight)) {
    for (std::size_t i = 0; i < std::max<std::size_t>(1, info.options.io_threads); ++i)
      loops.push_back(std::make_unique<io_loop>(info, system, to, places));
  }

  service_info info;
  std::shared_ptr<bridge::admission> places;
  std::vector<std::unique_ptr<io_loop>> loops;
  std::unique_ptr<listener> listening;
};

server::server(server_options options, caf::actor_system& system, const bridge::services& to)
    : state_(std::make_unique<state>(std::move(options), system, to)) {
  // A write to a socket that the client has closed is an error value here, not a signal.
  std::signal(SIGPIPE, SIG_IGN);
}

server::~server() {
  stop();
}

result<std::uint16_t> server::start(bound_address& on) {
  auto listening = listener::open(on, state_->info, state_->loops);
  if (!listening) return pass_on(std::move(listening));
  state_->listening = *std::move(listening);
  for (const auto& loop : state_->loops) loop->start();
  return state_->listening->port();
}

void server::set_tokens(std::vector<access_token> tokens) {
  const auto table = std::make_shared<const token_table>(std::move(tokens));
  for (const auto& loop : state_->loops) loop->set_tokens(table);
}

void server::set_tls_keys(const bridge::client_stream::tls_keys& keys) {
  for (const auto& loop : state_->loops) loop->set_tls_keys(keys);
}

server::drained server::drain(std::chrono::milliseconds patience) {
  if (state_->listening) state_->listening->close();
  for (const auto& loop : state_->loops) loop->drain();
  const auto until = std::chrono::steady_clock::now() + patience;
  constexpr auto look_again = std::chrono::milliseconds(5);
  while (connections() > 0) {
    if (std::chrono::steady_clock::now() >= until) return drained::cut_short;
    std::this_thread::sleep_for(look_again);
  }
  return drained::whole;
}

void server::stop() {
  if (state_->listening) state_->listening->close();
  for (const auto& loop : state_->loops) loop->begin_stop();
  for (const auto& loop : state_->loops) loop->stop();
}

std::size_t server::connections() const noexcept {
  return state_->info.connections.load();
}
std::size_t server::requests_in_flight() const noexcept {
  return state_->places->inside();
}
std::size_t server::checks_let_go() const noexcept {
  std::size_t all = 0;
  for (const auto& loop : state_->loops) all += loop->gate().checks_let_go();
  return all;
}
std::size_t server::requests_refused() const noexcept {
  return state_->places->refused();
}

}  // namespace keelson::http
