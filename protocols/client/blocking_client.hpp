#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "protocols/client/commands.hpp"
#include "protocols/client/http_message.hpp"
#include "protocols/model/error.hpp"

namespace keelson::client {

/// One connection for commands that do one thing after the other.
class blocking_client {
 public:
  /// Fails with invalid_parameter when the URL cannot be used.
  [[nodiscard]] static result<blocking_client> make(const service_options& options);

  blocking_client(blocking_client&&) noexcept;
  blocking_client& operator=(blocking_client&&) noexcept;
  ~blocking_client();

  /// As http_client::exchange.
  [[nodiscard]] result<http_response> exchange(const http_request& request);

  /// Between two tries.
  void pause(std::chrono::milliseconds time);

  /// From now on SIGINT and SIGTERM do not end the process, but what is under way and comes after:
  /// exchange() fails, and pause() returns at once.
  void end_on_signals();
  /// The signal that came; 0: none.
  [[nodiscard]] int signal() const noexcept;

 private:
  class state;
  explicit blocking_client(std::unique_ptr<state> made);

  std::unique_ptr<state> state_;
};

/// What the shell is told of a command that such a signal has ended.
[[nodiscard]] exit_status status_after(int signal) noexcept;

/// What a command does with an answer: `success` gets one whose status is below 300; everything
/// else is reported.
template <class Success>
[[nodiscard]] exit_status ask(const service_options& options, console& io,
                              const http_request& request, Success success) {
  auto service = blocking_client::make(options);
  if (!service) return report_usage(io, service.error());
  const auto answer = service->exchange(request);
  if (!answer) return report_unreachable(io, options.url, answer.error());
  if (answer->status >= 300) return report_refusal(io, *answer);
  return written(io, success(*answer));
}

}  // namespace keelson::client
