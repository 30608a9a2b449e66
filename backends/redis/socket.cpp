#include "backends/redis/socket.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace keelson::backends::redis {

namespace {

using clock = std::chrono::steady_clock;

constexpr int poll_timed_out = 0;

int milliseconds_until(clock::time_point end) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - clock::now());
  return static_cast<int>(std::max<std::chrono::milliseconds::rep>(left.count(), 0));
}

/// 1 when the event is there, 0 when the time is over, -1 with errno.
int poll_until(int descriptor, short event, clock::time_point end) {
  pollfd watched{.fd = descriptor, .events = event, .revents = 0};
  while (true) {
    const int found = ::poll(&watched, 1, milliseconds_until(end));
    if (found >= 0 || errno != EINTR) return found;
  }
}

struct free_addresses {
  void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};
using address_list = std::unique_ptr<addrinfo, free_addresses>;

result<address_list> resolve(const server_address& to) {
  const addrinfo wanted{.ai_flags = AI_ADDRCONFIG, .ai_socktype = SOCK_STREAM};
  addrinfo* found = nullptr;
  const int code = ::getaddrinfo(to.host.c_str(), to.port.c_str(), &wanted, &found);
  if (code == 0) return address_list(found);
  return fail(errc::unavailable, "cannot find " + to.host + ": " + ::gai_strerror(code));
}

/// The errno of an attempt; 0 when it is connected.
int finish_connect(int descriptor, const addrinfo& address, clock::time_point end) {
  if (::connect(descriptor, address.ai_addr, address.ai_addrlen) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  const int ready = poll_until(descriptor, POLLOUT, end);
  if (ready == poll_timed_out) return ETIMEDOUT;
  if (ready < 0) return errno;
  int failure = 0;
  socklen_t size = sizeof failure;
  return ::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &failure, &size) == 0 ? failure : errno;
}

}  // namespace

result<socket> socket::connect(const server_address& to, std::chrono::milliseconds limit) {
  const auto end = clock::now() + limit;
  const auto addresses = resolve(to);
  if (!addresses) return std::unexpected(addresses.error());
  int why = 0;
  for (const addrinfo* each = addresses->get(); each != nullptr; each = each->ai_next) {
    const int made = ::socket(each->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (made < 0) {
      why = errno;
      continue;
    }
    socket fresh(made, to.text());
    why = finish_connect(made, *each, end);
    if (why != 0) continue;
    const int on = 1;
    ::setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fresh;
  }
  return fail(errc::unavailable, "cannot connect to " + to.text() + ": " + std::strerror(why));
}

socket::~socket() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

socket::socket(socket&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), peer_(std::move(other.peer_)) {}

std::unexpected<error> socket::lost(const std::string& why) const {
  return fail(errc::store_io, "the connection to " + peer_ + " is lost: " + why);
}

result<void> socket::wait(short event, const wait_limits& limits) const {
  const int ready =
      poll_until(descriptor_, event, std::min(limits.end, clock::now() + limits.silence));
  if (ready > 0) return {};
  return lost(ready == poll_timed_out ? "the server does not answer" : std::strerror(errno));
}

result<void> socket::send(std::string_view bytes, const wait_limits& limits) {
  while (!bytes.empty()) {
    const auto sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN) {
      if (auto ready = wait(POLLOUT, limits); !ready) return ready;
    } else if (errno != EINTR) {
      return lost(std::strerror(errno));
    }
  }
  return {};
}

result<std::size_t> socket::receive(std::span<char> room, const wait_limits& limits) {
  while (true) {
    const auto got = ::recv(descriptor_, room.data(), room.size(), 0);
    if (got > 0) return static_cast<std::size_t>(got);
    if (got == 0) return lost("the server closed it");
    if (errno == EAGAIN) {
      if (auto ready = wait(POLLIN, limits); !ready) return pass_on(std::move(ready));
    } else if (errno != EINTR) {
      return lost(std::strerror(errno));
    }
  }
}

}  // namespace keelson::backends::redis
