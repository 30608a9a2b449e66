#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "protocols/bridge/client_stream.hpp"
#include "protocols/http/request_head.hpp"
#include "protocols/http/response.hpp"
#include "protocols/messages/answer.hpp"
#include "protocols/model/document.hpp"
#include "protocols/wire/query.hpp"

namespace keelson::bridge {
class gateway;
class feed_outlet;
}  // namespace keelson::bridge

namespace keelson::http {

using bridge::task;

class io_loop;
class session;
struct service_info;

/// A connection that has left HTTP: its stream, and the bytes that were read from it, beginning
/// with the head of the request that asked for the upgrade.
struct upgraded_connection {
  bridge::client_stream stream;
  std::string bytes;
};

/// Why something that lasts is to end early.
enum class parting : std::uint8_t {
  service_stops,
  access_ended,  ///< the token that it was asked for with was taken back
};

/// One request as its handler sees it. Lives until the handler has returned; so do all views that
/// it gives. Everything runs on the IO thread of the connection.
class exchange {
 public:
  explicit exchange(session& of) noexcept : session_(of) {}
  exchange(const exchange&) = delete;
  exchange& operator=(const exchange&) = delete;

  [[nodiscard]] const request_head& head() const noexcept;
  /// A `{name}` of the route's path, decoded; `index` counts from 0 in the order of the path.
  [[nodiscard]] std::string_view path_parameter(std::size_t index) const noexcept;
  /// Decoded; only names that the route lists, and only `repeatable` ones more than once.
  [[nodiscard]] const wire::query& query() const noexcept;
  /// Request id, principal, trace, and what `?timeout=` leaves.
  [[nodiscard]] messages::request_context context() const;
  /// Of `?timeout=`, or the default.
  [[nodiscard]] std::chrono::milliseconds timeout() const noexcept;

  [[nodiscard]] bridge::gateway& gate() const noexcept;
  [[nodiscard]] bridge::feed_outlet& feed() const noexcept;
  [[nodiscard]] io_loop& loop() const noexcept;
  [[nodiscard]] const service_info& info() const noexcept;

  /// The whole body; too_large beyond `most` bytes. The view lives until the handler returns.
  [[nodiscard]] task<result<std::string_view>> read_body(std::size_t most);
  /// The next piece of a body that is taken as it comes; empty at its end. The view lives until
  /// the next call. Fails with unavailable when the client is gone or idle for too long.
  [[nodiscard]] task<result<std::string_view>> read_some();

  /// Sends the head of an answer whose body follows in pieces; false: the client is gone.
  [[nodiscard]] task<bool> open_stream(response head);
  /// Sends one piece of the body, returning when the socket has taken it; false: the client is
  /// gone, or took no byte for 30 s. The handler returns response::streamed() in the end.
  [[nodiscard]] task<bool> send(std::string_view piece);

  /// From here on the answer waits because it was asked to: what follows is not counted as time
  /// that the service took.
  void begin_wait();

  /// Takes the connection out of HTTP. The handler serves it to its end, then returns
  /// response::upgraded().
  [[nodiscard]] task<upgraded_connection> upgrade();

  /// True once the server drains, or the token was taken back: a stream says good-bye and ends.
  [[nodiscard]] bool going_away() const noexcept;
  /// `wake` is called (posted) once when that begins, unless the handler has returned by then; at
  /// once when it is so already.
  void on_going_away(std::move_only_function<void(parting)> wake);

  /// Hands a read to the validator after the answer has left.
  void check_after_answer(document_id id);

 private:
  session& session_;
};

/// Answers one request. A failed result becomes a problem document.
using handler = task<result<response>> (*)(exchange&);

}  // namespace keelson::http
