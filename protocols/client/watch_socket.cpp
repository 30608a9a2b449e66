#include "protocols/client/watch_socket.hpp"

#include <chrono>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

#include "protocols/client/json_slice.hpp"
#include "protocols/client/stream.hpp"

namespace keelson::client {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;

namespace {

/// Beyond the largest document that a service can be set to take.
constexpr std::size_t largest_frame = 256UL << 20;

websocket::stream_base::timeout timeouts() {
  return {.handshake_timeout = std::chrono::seconds(10),
          .idle_timeout = std::chrono::seconds(45),
          .keep_alive_pings = true};
}

void decorate(websocket::request_type& request, const std::string& token) {
  request.set(beast::http::field::user_agent, user_agent);
  if (!token.empty()) request.set(beast::http::field::authorization, "Bearer " + token);
}

/// A service that is starting or busy is worth another attempt; any other refusal is final.
error refusal(const websocket::response_type& answer, const std::string& otherwise) {
  const auto status = answer.result_int();
  if (status < 300) return {.code = errc::unavailable, .detail = otherwise};
  const bool passing = status == 429 || status >= 500;
  const auto code = json_string_member(answer.body(), "code");
  const auto detail = json_string_member(answer.body(), "detail");
  return {.code = passing ? errc::unavailable : errc::forbidden,
          .detail = (code.empty() ? "status " + std::to_string(status) : code) +
                    (detail.empty() ? "" : ": " + detail)};
}

asio::awaitable<result<void>> follow_on(any_stream stream, const endpoint& target,
                                        const std::string& token, const std::string& first_frame,
                                        const std::function<bool(std::string_view)>& on_frame) {
  constexpr auto as_values = asio::as_tuple(asio::use_awaitable);
  websocket::stream<any_stream> socket(std::move(stream));
  socket.set_option(timeouts());
  socket.set_option(websocket::stream_base::decorator(
      [&token](websocket::request_type& request) { decorate(request, token); }));
  socket.read_message_max(largest_frame);

  websocket::response_type answer;
  const std::string path = target.base + "/v1/changes";
  const auto [declined] =
      co_await socket.async_handshake(answer, target.authority, path, as_values);
  if (declined) co_return std::unexpected(refusal(answer, declined.message()));
  const auto frame = asio::buffer(first_frame);
  const auto [unsent, sent] = co_await socket.async_write(frame, as_values);
  if (unsent) co_return fail(errc::unavailable, unsent.message());

  for (beast::flat_buffer buffer;; buffer.clear()) {
    const auto [broken, received] = co_await socket.async_read(buffer, as_values);
    if (broken) co_return fail(errc::unavailable, broken.message());
    const auto data = buffer.cdata();
    if (!on_frame({static_cast<const char*>(data.data()), data.size()})) break;
  }
  co_await socket.async_close(websocket::close_code::normal, as_values);
  co_return result<void>();
}

}  // namespace

asio::awaitable<result<void>> follow(asio::io_context& context, const endpoint& target,
                                     const std::string& token, const std::string& first_frame,
                                     const std::function<bool(std::string_view)>& on_frame) {
  auto stream = co_await connect(context, target);
  if (!stream) co_return pass_on(std::move(stream));
  co_return co_await follow_on(std::move(*stream), target, token, first_frame, on_frame);
}

}  // namespace keelson::client
