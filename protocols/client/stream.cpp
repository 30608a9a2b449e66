#include "protocols/client/stream.hpp"

#include <optional>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

namespace keelson::client {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;

using plain_stream = boost::beast::tcp_stream;
using tls_stream = boost::beast::ssl_stream<plain_stream>;

/// The context outlives the stream that is encrypted by it; `plain` moves into `tls`.
class any_stream::connection {
 public:
  explicit connection(asio::io_context& context) : plain(std::in_place, context) {}

  [[nodiscard]] plain_stream& lowest() { return tls ? tls->next_layer() : *plain; }

  std::unique_ptr<ssl::context> tls_context;
  std::optional<plain_stream> plain;
  std::optional<tls_stream> tls;
};

namespace {

constexpr std::chrono::seconds connect_timeout{10};

struct run_completion {
  std::unique_ptr<any_stream::completion> then;
  void operator()(boost::system::error_code failed, std::size_t bytes) const {
    then->run(failed, bytes);
  }
};

result<std::unique_ptr<ssl::context>> make_tls_context() {
  auto context = std::make_unique<ssl::context>(ssl::context::tls_client);
  boost::system::error_code failed;
  context->set_default_verify_paths(failed);
  if (failed) return fail(errc::unavailable, "no certificate authorities: " + failed.message());
  context->set_verify_mode(ssl::verify_peer, failed);
  if (failed) return fail(errc::unavailable, failed.message());
  return context;
}

asio::awaitable<result<void>> shake_hands(any_stream::connection& made, const endpoint& target) {
  auto context = make_tls_context();
  if (!context) co_return pass_on(std::move(context));
  made.tls_context = std::move(*context);
  made.tls.emplace(std::move(*made.plain), *made.tls_context);
  made.tls->set_verify_callback(ssl::host_name_verification(target.host));
  if (!SSL_set_tlsext_host_name(made.tls->native_handle(), target.host.c_str()))
    co_return fail(errc::unavailable, "the host name does not fit into a TLS handshake");
  const auto [failed] = co_await made.tls->async_handshake(ssl::stream_base::client,
                                                           asio::as_tuple(asio::use_awaitable));
  if (failed) co_return fail(errc::unavailable, "TLS handshake: " + failed.message());
  co_return result<void>();
}

}  // namespace

any_stream::any_stream(std::unique_ptr<connection> made) : connection_(std::move(made)) {}
any_stream::any_stream(any_stream&&) noexcept = default;
any_stream& any_stream::operator=(any_stream&&) noexcept = default;
any_stream::~any_stream() = default;

any_stream::executor_type any_stream::get_executor() const {
  return connection_->lowest().get_executor();
}

void any_stream::expires_after(std::chrono::seconds time) {
  connection_->lowest().expires_after(time);
}

void any_stream::expires_never() {
  connection_->lowest().expires_never();
}

void any_stream::close() {
  connection_->lowest().close();
}

void any_stream::read(asio::mutable_buffer into, std::unique_ptr<completion> then) {
  if (connection_->tls)
    connection_->tls->async_read_some(into, run_completion{std::move(then)});
  else
    connection_->plain->async_read_some(into, run_completion{std::move(then)});
}

void any_stream::write(const const_buffers& from, std::unique_ptr<completion> then) {
  if (connection_->tls)
    connection_->tls->async_write_some(from, run_completion{std::move(then)});
  else
    connection_->plain->async_write_some(from, run_completion{std::move(then)});
}

asio::awaitable<result<any_stream>> connect(asio::io_context& context, const endpoint& target) {
  constexpr auto token = asio::as_tuple(asio::use_awaitable);
  asio::ip::tcp::resolver resolver(context);
  const auto [not_found, addresses] =
      co_await resolver.async_resolve(target.host, target.port, token);
  if (not_found) co_return fail(errc::unavailable, not_found.message());

  auto made = std::make_unique<any_stream::connection>(context);
  made->plain->expires_after(connect_timeout);
  const auto [refused, address] = co_await made->plain->async_connect(addresses, token);
  if (refused) co_return fail(errc::unavailable, refused.message());
  boost::system::error_code ignored;
  made->plain->socket().set_option(asio::ip::tcp::no_delay(true), ignored);
  if (target.security == transport::tls) {
    auto secured = co_await shake_hands(*made, target);
    if (!secured) co_return pass_on(std::move(secured));
  }
  made->lowest().expires_never();
  co_return any_stream(std::move(made));
}

}  // namespace keelson::client
