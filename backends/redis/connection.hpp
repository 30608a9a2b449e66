#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backends/redis/address.hpp"
#include "backends/redis/command_buffer.hpp"
#include "backends/redis/reply.hpp"
#include "backends/redis/socket.hpp"
#include "backends/redis/tls_layer.hpp"

namespace keelson::backends::redis {

/// A connection that is logged in and stands in its database. For one thread; once it has failed
/// with store_io every further call does.
class connection {
 public:
  /// To the server of the address or, with sentinels, to the one that they call the master now.
  [[nodiscard]] static result<connection> open(const redis_address& to);

  /// Sends all of the commands and gives one reply for each. Only the connection can fail: what the
  /// server refuses is a reply.
  [[nodiscard]] result<std::vector<reply>> exchange(const command_buffer& commands);
  /// One command; what the server refuses is an error.
  template <class... Words>
  [[nodiscard]] result<reply> ask(const Words&... words) {
    return only(command_buffer().add(words...));
  }

 private:
  connection(socket made, const patience& waits) : socket_(std::move(made)), waits_(waits) {}
  [[nodiscard]] static result<connection> reach(const redis_address& to,
                                                const server_address& server);
  [[nodiscard]] static result<reply> ask_sentinel(const redis_address& to,
                                                  const server_address& sentinel);
  [[nodiscard]] static result<server_address> find_master(const redis_address& to);
  [[nodiscard]] result<void> log_in(const credentials& as);
  [[nodiscard]] result<void> start_tls(const server_address& server, const tls_files& files);
  [[nodiscard]] result<reply> only(const command_buffer& command);
  [[nodiscard]] result<void> receive(const wait_limits& limits);
  [[nodiscard]] result<std::vector<reply>> talk(const command_buffer& commands);

  socket socket_;
  std::optional<tls_layer> tls_;
  reply_reader reader_;
  patience waits_;
  std::vector<char> room_ = std::vector<char>(std::size_t{64} << 10);
  std::string lost_;  ///< why, once it is
};

}  // namespace keelson::backends::redis
