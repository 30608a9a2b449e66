#pragma once

#include <memory>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "protocols/client/endpoint.hpp"
#include "protocols/client/http_message.hpp"
#include "protocols/model/error.hpp"

namespace keelson::client {

/// One connection to the service, made when it is needed and kept. One exchange at a time; all
/// on the thread that runs the context.
class http_client {
 public:
  http_client(boost::asio::io_context& context, endpoint target, std::string token);
  ~http_client();

  /// Sends one request and reads the whole answer, whatever its status. Fails with `unavailable`
  /// when there was none: the request may have taken effect then. A GET on a kept connection that
  /// the service has closed meanwhile is sent once more on a new one.
  [[nodiscard]] boost::asio::awaitable<result<http_response>> exchange(const http_request& request);

 private:
  class connection;

  boost::asio::io_context& context_;
  endpoint target_;
  std::string token_;
  std::unique_ptr<connection> connection_;
};

}  // namespace keelson::client
