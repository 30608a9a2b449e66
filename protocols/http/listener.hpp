#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include <boost/asio/basic_socket_acceptor.hpp>

#include "protocols/http/bound_address.hpp"
#include "protocols/http/io_loop.hpp"

namespace keelson::http {

/// Accepts connections on the first IO thread and deals them out over all of them. When there are
/// no descriptors left it waits instead of spinning.
class listener {
 public:
  using loops = std::span<const std::unique_ptr<io_loop>>;

  /// unavailable, with the reason, when the address cannot be listened on.
  [[nodiscard]] static result<std::unique_ptr<listener>> open(bound_address& on, service_info& info,
                                                              loops over);

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  /// From any thread.
  void close();

 private:
  using acceptor = bridge::asio::basic_socket_acceptor<bridge::asio::ip::tcp, bridge::executor>;

  listener(service_info& info, loops over);
  bridge::task<> accept();
  void take(bridge::tcp_socket socket, io_loop& loop);

  service_info& info_;
  loops loops_;
  acceptor acceptor_;
  std::uint16_t port_ = 0;
};

}  // namespace keelson::http
