#include "protocols/http/io_loop.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

#include "protocols/bridge/feed_outlet.hpp"
#include "protocols/http/loop_timer.hpp"
#include "protocols/http/session.hpp"
#include "protocols/model/log_text.hpp"

namespace keelson::http {

namespace asio = bridge::asio;

namespace {

using namespace std::chrono_literals;

constexpr auto sweep_period = 250ms;
constexpr int sweeps_a_second = 4;

task<> serve_connection(bridge::client_stream stream, io_loop& loop) {
  session serving(std::move(stream), loop);
  try {
    co_await serving.run();
  } catch (const std::exception& thrown) {
    spdlog::error("component=http event=failed error={}", log_quoted(thrown.what()));
  }
}

bridge::gateway_options share_of(const server_options& options) {
  bridge::gateway_options share = options.gateway;
  share.checks_per_second /= std::max<std::size_t>(1, options.io_threads);
  return share;
}

}  // namespace

io_loop::io_loop(service_info& info, caf::actor_system& system, const bridge::services& to,
                 std::shared_ptr<bridge::admission> places)
    : info_(info),
      random_(std::random_device()()),
      tokens_(std::make_shared<token_table>(info.options.tokens)),
      tls_(info.options.tls),
      context_(std::make_unique<asio::io_context>(1)),
      gate_(std::make_unique<bridge::gateway>(*context_, system, to, std::move(places),
                                              share_of(info.options))),
      feed_(std::make_unique<bridge::feed_outlet>(*context_, to.ring)) {
  refresh_date();
}

io_loop::~io_loop() {
  stop();
  context_.reset();
}

void io_loop::start() {
  asio::co_spawn(*context_, sweep(), asio::detached);
  thread_ = std::thread([this] { context_->run(); });
}

void io_loop::serve(bridge::tcp_socket socket) {
  bridge::client_stream stream(std::move(socket), tls_);
  asio::co_spawn(*context_, serve_connection(std::move(stream), *this), asio::detached);
}

void io_loop::remove(watched_connection& one) {
  connections_.remove(one);
  info_.connections.fetch_sub(1);
  if (empty_ && connections_.size() == 0) std::exchange(empty_, nullptr)();
}

void io_loop::set_tokens(std::shared_ptr<const token_table> tokens) {
  asio::post(*context_, [this, next = std::move(tokens)]() mutable {
    tokens_ = std::move(next);
    connections_.for_each([](watched_connection& each) { each.check_access(); });
  });
}

void io_loop::set_tls_keys(bridge::client_stream::tls_keys keys) {
  asio::post(*context_, [this, next = std::move(keys)]() mutable { tls_ = std::move(next); });
}

void io_loop::drain() {
  asio::post(*context_, [this] {
    draining_ = true;
    connections_.for_each([](watched_connection& each) { each.begin_drain(); });
  });
}

void io_loop::begin_stop() {
  if (!thread_.joinable() || all_ended_.valid()) return;
  drain();
  end_by_ = std::chrono::steady_clock::now() + cut_time;
  auto ended = std::make_shared<std::promise<void>>();
  all_ended_ = ended->get_future();
  asio::post(*context_, [this, ended] {
    gate_->close();
    connections_.for_each([](watched_connection& each) { each.cut(); });
    if (connections_.size() == 0) return ended->set_value();
    empty_ = [ended] { ended->set_value(); };
  });
}

void io_loop::stop() {
  if (!thread_.joinable()) return;
  begin_stop();
  all_ended_.wait_until(end_by_);
  context_->stop();
  thread_.join();
  gate_->abandon();  // if the loop did not come to it
}

bridge::task<> io_loop::sweep() {
  loop_timer timer(*context_);
  for (int turn = 0;; ++turn) {
    timer.expires_after(sweep_period);
    auto waiting = timer.async_wait(bridge::use_task_tuple);
    if (std::get<0>(co_await std::move(waiting))) co_return;
    refresh_date();
    if (info_.metrics) {
      info_.metrics->requests_in_flight.set(static_cast<double>(gate_->places().inside()));
    }
    if (turn % sweeps_a_second == 0) gate_->begin_second();
    gate_->expire();
    const std::int64_t at = now();
    connections_.for_each([at](watched_connection& each) {
      if (each.deadline <= at) each.expire();
      each.send_held();
    });
  }
}

std::int64_t io_loop::now() noexcept {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}

std::string io_loop::make_request_id() {
  constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz234567";
  constexpr std::size_t length = 13;
  std::string id;
  std::uint64_t bits = random_();
  for (std::size_t i = 0; i < length; ++i, bits >>= 5) id.push_back(alphabet[bits & 31]);
  return id;
}

void io_loop::refresh_date() {
  date_ = info_.options.clock();
  date_line_ = "Date: " + http_date(date_) + "\r\n";
}

}  // namespace keelson::http
