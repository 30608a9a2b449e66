#pragma once

#include <cstdint>

namespace keelson::websocket {

/// How many bytes the peer of a TCP socket has acknowledged since it was opened: what tells a slow
/// client from one that takes nothing. 0 where the system does not say.
[[nodiscard]] std::uint64_t acknowledged_bytes(int native_socket) noexcept;

}  // namespace keelson::websocket
