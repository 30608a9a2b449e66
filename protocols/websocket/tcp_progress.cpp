#include "protocols/websocket/tcp_progress.hpp"

#include <linux/tcp.h>  // not <netinet/tcp.h>, whose tcp_info lacks tcpi_bytes_acked
#include <netinet/in.h>
#include <sys/socket.h>

namespace keelson::websocket {

std::uint64_t acknowledged_bytes(int native_socket) noexcept {
  tcp_info info{};
  socklen_t size = sizeof(info);
  if (getsockopt(native_socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return 0;
  return info.tcpi_bytes_acked;
}

}  // namespace keelson::websocket
