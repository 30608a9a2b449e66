#include "protocols/bridge/client_stream.hpp"

#include <string>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

namespace keelson::bridge {

namespace ssl = boost::asio::ssl;

struct client_stream::tls {
  tls(tcp_socket over, tls_keys with)
      : keys(std::move(with)), socket(std::move(over)), stream(socket, *keys) {}

  tls_keys keys;
  tcp_socket socket;
  ssl::stream<tcp_socket&> stream;
  std::string flat;
};

client_stream::client_stream(tcp_socket socket, tls_keys keys) : plain_(std::move(socket)) {
  if (keys) tls_ = std::make_unique<tls>(std::move(plain_), std::move(keys));
}

client_stream::client_stream(client_stream&&) noexcept = default;
client_stream& client_stream::operator=(client_stream&&) noexcept = default;
client_stream::~client_stream() = default;

tcp_socket& client_stream::socket() noexcept {
  return tls_ ? tls_->socket : plain_;
}

task<boost::system::error_code> client_stream::shake_hands() {
  if (!tls_) co_return boost::system::error_code();
  auto shaking = tls_->stream.async_handshake(ssl::stream_base::server, asio::as_tuple(use_task));
  co_return std::get<0>(co_await std::move(shaking));
}

task<> client_stream::say_end() {
  if (!tls_) co_return;
  auto ending = tls_->stream.async_shutdown(asio::as_tuple(use_task));
  co_await std::move(ending);
}

void client_stream::decrypt(asio::mutable_buffer into, completion then) {
  tls_->stream.async_read_some(into, std::move(then));
}

void client_stream::encrypt(asio::const_buffer from, completion then) {
  tls_->stream.async_write_some(from, std::move(then));
}

asio::mutable_buffer client_stream::flat_record() {
  tls_->flat.resize(record_bytes);
  return asio::buffer(tls_->flat);
}

}  // namespace keelson::bridge
