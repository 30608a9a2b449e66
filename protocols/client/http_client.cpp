#include "protocols/client/http_client.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include "protocols/client/stream.hpp"

namespace keelson::client {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

namespace {

/// A page of large documents is the largest answer that a command asks for.
constexpr std::uint64_t largest_body = 1024ULL << 20;

using wire_request = http::request<http::string_body>;

wire_request to_wire(const http_request& request, const endpoint& target,
                     const std::string& token) {
  wire_request wire;
  wire.method_string(request.method);
  wire.target(target.base + request.target);
  wire.version(11);
  wire.set(http::field::host, target.authority);
  wire.set(http::field::user_agent, user_agent);
  if (!token.empty()) wire.set(http::field::authorization, "Bearer " + token);
  for (const auto& [name, value] : request.fields) wire.set(name, value);
  wire.body() = request.body;
  wire.prepare_payload();
  return wire;
}

http_response from_wire(http::response<http::string_body>&& wire) {
  http_response answer;
  answer.status = wire.result_int();
  for (const auto& field : wire) answer.fields.emplace_back(field.name_string(), field.value());
  answer.body = std::move(wire.body());
  return answer;
}

}  // namespace

class http_client::connection {
 public:
  explicit connection(any_stream stream) : stream_(std::move(stream)) {}

  asio::awaitable<result<http_response>> exchange(const wire_request& request,
                                                  std::chrono::seconds timeout) {
    constexpr auto token = asio::as_tuple(asio::use_awaitable);
    reusable_ = false;
    stream_.expires_after(timeout);
    const auto [write_failed, sent] = co_await http::async_write(stream_, request, token);
    // A service that refuses early answers and closes: what it said counts, if it can be read.
    http::response_parser<http::string_body> parser;
    parser.body_limit(largest_body);
    const auto [read_failed, received] = co_await http::async_read(stream_, buffer_, parser, token);
    if (read_failed) {
      co_return fail(errc::unavailable,
                     write_failed ? write_failed.message() : read_failed.message());
    }
    stream_.expires_never();
    reusable_ = !write_failed && parser.get().keep_alive();
    co_return from_wire(parser.release());
  }

  [[nodiscard]] bool reusable() const noexcept { return reusable_; }

 private:
  any_stream stream_;
  beast::flat_buffer buffer_;
  bool reusable_ = false;
};

http_client::http_client(asio::io_context& context, endpoint target, std::string token)
    : context_(context), target_(std::move(target)), token_(std::move(token)) {}

http_client::~http_client() = default;

asio::awaitable<result<http_response>> http_client::exchange(const http_request& request) {
  const auto wire = to_wire(request, target_, token_);
  if (connection_) {
    auto answer = co_await connection_->exchange(wire, request.timeout);
    if (!connection_->reusable()) connection_.reset();
    if (answer || request.method != "GET") co_return answer;
  }
  auto stream = co_await connect(context_, target_);
  if (!stream) co_return pass_on(std::move(stream));
  connection_ = std::make_unique<connection>(std::move(*stream));
  auto answer = co_await connection_->exchange(wire, request.timeout);
  if (!connection_->reusable()) connection_.reset();
  co_return answer;
}

}  // namespace keelson::client
