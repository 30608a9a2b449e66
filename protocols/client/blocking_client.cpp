#include "protocols/client/blocking_client.hpp"

#include <exception>
#include <optional>

#include <boost/asio/co_spawn.hpp>

#include "protocols/client/http_client.hpp"

namespace keelson::client {

namespace asio = boost::asio;

class blocking_client::state {
 public:
  state(endpoint target, std::string token)
      : client_(context_, std::move(target), std::move(token)) {}

  result<http_response> exchange(const http_request& request) {
    std::optional<result<http_response>> answer;
    asio::co_spawn(context_, client_.exchange(request),
                   [&](const std::exception_ptr& failed, result<http_response> got) {
                     if (failed) std::rethrow_exception(failed);
                     answer = std::move(got);
                   });
    context_.restart();
    context_.run();
    return std::move(*answer);
  }

 private:
  asio::io_context context_{1};
  http_client client_;
};

result<blocking_client> blocking_client::make(const service_options& options) {
  auto target = parse_endpoint(options.url);
  if (!target) return pass_on(std::move(target));
  return blocking_client(std::make_unique<state>(std::move(*target), options.token));
}

blocking_client::blocking_client(std::unique_ptr<state> made) : state_(std::move(made)) {}
blocking_client::blocking_client(blocking_client&&) noexcept = default;
blocking_client& blocking_client::operator=(blocking_client&&) noexcept = default;
blocking_client::~blocking_client() = default;

result<http_response> blocking_client::exchange(const http_request& request) {
  return state_->exchange(request);
}

}  // namespace keelson::client
