#include "protocols/http/bound_address.hpp"

#include <sstream>

namespace keelson::http {

namespace asio = boost::asio;
using asio::ip::tcp;

result<std::unique_ptr<bound_address>> bound_address::take(const std::string& address,
                                                           std::uint16_t port) {
  boost::system::error_code failed;
  const auto parsed = asio::ip::make_address(address, failed);
  if (failed) {
    return fail(errc::invalid_parameter,
                "cannot listen on \"" + address + "\": not an IPv4 or IPv6 address");
  }
  const tcp::endpoint wanted(parsed, port);
  std::unique_ptr<bound_address> bound(new bound_address());
  auto& socket = bound->acceptor_;
  socket.open(wanted.protocol(), failed);
  if (!failed) socket.set_option(asio::socket_base::reuse_address(true), failed);
  if (!failed) socket.bind(wanted, failed);
  if (!failed) bound->endpoint_ = socket.local_endpoint(failed);
  if (failed) return std::unexpected(cannot_listen(wanted, failed));
  return bound;
}

int bound_address::release() {
  return acceptor_.release();
}

error bound_address::cannot_listen(const tcp::endpoint& on, const boost::system::error_code& why) {
  std::ostringstream detail;
  detail << "cannot listen on " << on << ": " << why.message();
  if (why == asio::error::address_in_use) {
    detail << "; another program does, perhaps another keelson. End it, or give another port with"
              " --listen";
  } else if (why == asio::error::access_denied) {
    detail << "; ports below 1024 need a privilege. Give another one with --listen";
  } else {
    detail << "; give an address of this machine with --listen";
  }
  return {.code = errc::unavailable, .detail = detail.str()};
}

}  // namespace keelson::http
