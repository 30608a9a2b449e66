#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <utility>

#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/beast/websocket/teardown.hpp>

#include "protocols/bridge/io.hpp"

namespace boost::asio::ssl {
class context;
}

namespace keelson::bridge {

/// A client's connection: TCP, or TLS over it. An AsyncReadStream and AsyncWriteStream of Asio;
/// one read and one write may be under way at a time. To be used on its IO thread.
class client_stream {
 public:
  using executor_type = executor;
  using tls_keys = std::shared_ptr<asio::ssl::context>;

  /// Null keys: the plain kind.
  explicit client_stream(tcp_socket socket, tls_keys keys = nullptr);
  client_stream(client_stream&&) noexcept;
  client_stream& operator=(client_stream&&) noexcept;
  ~client_stream();

  [[nodiscard]] executor_type get_executor() noexcept { return socket().get_executor(); }
  /// What lies beneath. Nothing may be read from it or written to it if it is encrypted.
  [[nodiscard]] tcp_socket& socket() noexcept;
  [[nodiscard]] bool encrypted() const noexcept { return tls_ != nullptr; }

  /// Agrees on keys, if encrypted; before anything is read or written.
  [[nodiscard]] task<boost::system::error_code> shake_hands();
  /// Tells the client that nothing more comes, if encrypted, and waits for its word.
  [[nodiscard]] task<> say_end();

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& into, Token&& token) {
    return asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
        [this](auto handler, const Buffers& buffers) {
          if (encrypted()) {
            decrypt(first_of<asio::mutable_buffer>(buffers), std::move(handler));
          } else {
            plain_.async_read_some(buffers, std::move(handler));
          }
        },
        token, into);
  }

  template <class Buffers, class Token>
  auto async_write_some(const Buffers& from, Token&& token) {
    return asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
        [this](auto handler, const Buffers& buffers) {
          if (encrypted()) {
            encrypt(in_one_piece(buffers), std::move(handler));
          } else {
            plain_.async_write_some(buffers, std::move(handler));
          }
        },
        token, from);
  }

  // What a WebSocket of Beast asks of the stream beneath it; it has said good-bye by then.
  template <class Handler>
  friend void async_teardown(boost::beast::role_type role, client_stream& stream,
                             Handler&& handler) {
    boost::beast::websocket::async_teardown(role, stream.socket(), std::forward<Handler>(handler));
  }
  friend void beast_close_socket(client_stream& stream) {
    boost::system::error_code ignored;
    stream.socket().close(ignored);
  }

 private:
  struct tls;
  using completion = std::move_only_function<void(boost::system::error_code, std::size_t)>;
  /// Of plain text, in a TLS record.
  static constexpr std::size_t record_bytes = std::size_t{16} << 10;

  void decrypt(asio::mutable_buffer into, completion then);
  void encrypt(asio::const_buffer from, completion then);
  [[nodiscard]] asio::mutable_buffer flat_record();

  template <class Buffer, class Buffers>
  static Buffer first_of(const Buffers& buffers) {
    const auto end = asio::buffer_sequence_end(buffers);
    for (auto at = asio::buffer_sequence_begin(buffers); at != end; ++at) {
      if (const Buffer one(*at); one.size() > 0) return one;
    }
    return {};
  }

  /// A record of several small pieces costs less than a record of each.
  template <class Buffers>
  asio::const_buffer in_one_piece(const Buffers& buffers) {
    const auto first = first_of<asio::const_buffer>(buffers);
    if (first.size() >= record_bytes || first.size() == asio::buffer_size(buffers)) return first;
    const auto flat = flat_record();
    return asio::buffer(flat, asio::buffer_copy(flat, buffers));
  }

  tcp_socket plain_;
  std::unique_ptr<tls> tls_;  ///< with the socket in it
};

}  // namespace keelson::bridge
