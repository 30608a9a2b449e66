#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/system/error_code.hpp>

#include "protocols/client/endpoint.hpp"
#include "protocols/model/error.hpp"

namespace keelson::client {

inline constexpr char user_agent[] = "keelson";

/// A connection, plain or TLS, as one type of stream: HTTP and WebSocket are compiled once for it,
/// and not again for each transport. Asio's AsyncReadStream and AsyncWriteStream, for the thread
/// that runs the context.
class any_stream {
 public:
  using executor_type = boost::asio::any_io_executor;

  class connection;
  explicit any_stream(std::unique_ptr<connection> made);
  any_stream(any_stream&&) noexcept;
  any_stream& operator=(any_stream&&) noexcept;
  ~any_stream();

  [[nodiscard]] executor_type get_executor() const;

  /// What is pending after `time` fails and the connection is closed.
  void expires_after(std::chrono::seconds time);
  void expires_never();
  void close();

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    const boost::asio::mutable_buffer first =
        boost::asio::buffer_sequence_begin(buffers) == boost::asio::buffer_sequence_end(buffers)
            ? boost::asio::mutable_buffer()
            : *boost::asio::buffer_sequence_begin(buffers);
    return boost::asio::async_initiate<Token, signature>(read_start{this}, token, first);
  }

  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    const_buffers all(boost::asio::buffer_sequence_begin(buffers),
                      boost::asio::buffer_sequence_end(buffers));
    return boost::asio::async_initiate<Token, signature>(write_start{this}, token, std::move(all));
  }

  /// A completion handler whose type is forgotten.
  class completion {
   public:
    virtual ~completion() = default;
    virtual void run(boost::system::error_code failed, std::size_t bytes) = 0;
  };

 private:
  using signature = void(boost::system::error_code, std::size_t);
  using const_buffers = std::vector<boost::asio::const_buffer>;

  template <class Handler>
  class held final : public completion {
   public:
    explicit held(Handler&& handler) : handler_(std::move(handler)) {}
    void run(boost::system::error_code failed, std::size_t bytes) override {
      std::move(handler_)(failed, bytes);
    }

   private:
    Handler handler_;
  };

  struct read_start {
    any_stream* stream;
    template <class Handler>
    void operator()(Handler handler, boost::asio::mutable_buffer into) const {
      stream->read(into, std::make_unique<held<Handler>>(std::move(handler)));
    }
  };

  struct write_start {
    any_stream* stream;
    template <class Handler>
    void operator()(Handler handler, const const_buffers& from) const {
      stream->write(from, std::make_unique<held<Handler>>(std::move(handler)));
    }
  };

  void read(boost::asio::mutable_buffer into, std::unique_ptr<completion> then);
  void write(const const_buffers& from, std::unique_ptr<completion> then);

  std::unique_ptr<connection> connection_;
};

/// How Beast's WebSocket closes the stream below it, in time and out of time.
template <class Handler>
void async_teardown(boost::beast::role_type, any_stream& stream, Handler&& handler) {
  stream.close();
  boost::asio::post(stream.get_executor(),
                    boost::beast::bind_front_handler(std::forward<Handler>(handler),
                                                     boost::system::error_code()));
}
inline void beast_close_socket(any_stream& stream) {
  stream.close();
}

/// Resolves, connects and shakes hands within ten seconds, else fails with `unavailable`. A
/// certificate must be valid for the host by the system's authorities, or by those in the file
/// that SSL_CERT_FILE names.
[[nodiscard]] boost::asio::awaitable<result<any_stream>> connect(boost::asio::io_context& context,
                                                                 const endpoint& target);

}  // namespace keelson::client
