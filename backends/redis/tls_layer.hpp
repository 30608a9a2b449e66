#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <openssl/ssl.h>

#include "backends/redis/address.hpp"
#include "backends/redis/socket.hpp"

namespace keelson::backends::redis {

/// TLS over a socket. The server's certificate has to be for the host that was asked for.
class tls_layer {
 public:
  /// The handshake; unavailable with the reason when it fails.
  [[nodiscard]] static result<tls_layer> begin(socket& over, const server_address& peer,
                                               const tls_files& files, const wait_limits& limits);

  [[nodiscard]] result<void> send(socket& over, std::string_view bytes, const wait_limits& limits);
  [[nodiscard]] result<std::size_t> receive(socket& over, std::span<char> room,
                                            const wait_limits& limits);

 private:
  tls_layer();
  [[nodiscard]] result<void> configure(const server_address& peer, const tls_files& files);
  [[nodiscard]] result<void> flush(socket& over, const wait_limits& limits);
  /// Flushes, and waits for bytes if the operation with this outcome needs them.
  [[nodiscard]] result<void> go_on(socket& over, int outcome, const wait_limits& limits);

  struct free_tls {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    void operator()(SSL* session) const { SSL_free(session); }
  };
  std::unique_ptr<SSL_CTX, free_tls> context_;
  std::unique_ptr<SSL, free_tls> session_;
  std::vector<char> wire_;  ///< bytes as they go over the socket
};

}  // namespace keelson::backends::redis
