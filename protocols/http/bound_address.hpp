#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "protocols/model/error.hpp"

namespace keelson::http {

/// An address to listen on, bound before anything else is done: who cannot have it learns so while
/// nothing has been touched. Nobody can connect until a listener takes the socket.
class bound_address {
 public:
  /// `port` 0: any free one. invalid_parameter or unavailable, with the way out.
  [[nodiscard]] static result<std::unique_ptr<bound_address>> take(const std::string& address,
                                                                   std::uint16_t port);

  [[nodiscard]] const boost::asio::ip::tcp::endpoint& endpoint() const noexcept {
    return endpoint_;
  }
  /// Hands the socket over, once.
  [[nodiscard]] int release();

  /// Why an address cannot be listened on, for the operator.
  [[nodiscard]] static error cannot_listen(const boost::asio::ip::tcp::endpoint& on,
                                           const boost::system::error_code& why);

 private:
  bound_address() = default;

  boost::asio::io_context context_;
  boost::asio::ip::tcp::acceptor acceptor_{context_};
  boost::asio::ip::tcp::endpoint endpoint_;
};

}  // namespace keelson::http
