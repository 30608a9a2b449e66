#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "backends/redis/address.hpp"

namespace keelson::backends::redis {

/// How long one exchange may take: the silence in it, and until when it has to be over.
struct wait_limits {
  std::chrono::milliseconds silence;
  std::chrono::steady_clock::time_point end;
};

/// A TCP connection that never waits longer than it is told to. After a failure it is of no use.
class socket {
 public:
  /// Tries each address of the host; unavailable when none answers in time.
  [[nodiscard]] static result<socket> connect(const server_address& to,
                                              std::chrono::milliseconds limit);
  ~socket();
  socket(socket&& other) noexcept;
  socket& operator=(socket&&) = delete;

  /// All of the bytes.
  [[nodiscard]] result<void> send(std::string_view bytes, const wait_limits& limits);
  /// At least one byte, as many as are there.
  [[nodiscard]] result<std::size_t> receive(std::span<char> room, const wait_limits& limits);

 private:
  socket(int descriptor, std::string peer) : descriptor_(descriptor), peer_(std::move(peer)) {}
  [[nodiscard]] result<void> wait(short event, const wait_limits& limits) const;
  [[nodiscard]] std::unexpected<error> lost(const std::string& why) const;

  int descriptor_;
  std::string peer_;
};

}  // namespace keelson::backends::redis
