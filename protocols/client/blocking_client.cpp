#include "protocols/client/blocking_client.hpp"

#include <csignal>
#include <exception>
#include <optional>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "protocols/client/http_client.hpp"

namespace keelson::client {

namespace asio = boost::asio;

class blocking_client::state {
 public:
  state(endpoint target, std::string token)
      : client_(context_, std::move(target), std::move(token)) {}

  result<http_response> exchange(const http_request& request) {
    // Shared, since an exchange that a signal cuts off is destroyed with the context only.
    const auto answer = std::make_shared<std::optional<result<http_response>>>();
    if (signal_ == 0) {
      asio::co_spawn(context_, client_.exchange(request),
                     [answer](const std::exception_ptr& failed, result<http_response> got) {
                       if (failed) std::rethrow_exception(failed);
                       *answer = std::move(got);
                     });
    }
    run_until([&] { return answer->has_value(); });
    if (*answer) return std::move(**answer);
    return fail(errc::unavailable, "ended by a signal");
  }

  void pause(std::chrono::milliseconds time) {
    bool over = false;
    asio::steady_timer timer(context_, time);
    timer.async_wait([&over](const boost::system::error_code& ended) { over = !ended; });
    run_until([&] { return over; });
    // Its handler must not outlive what it refers to.
    timer.cancel();
    context_.poll();
  }

  void end_on_signals() {
    signals_.add(SIGINT);
    signals_.add(SIGTERM);
    signals_.async_wait([this](const boost::system::error_code& ended, int which) {
      if (!ended) signal_ = which;
    });
  }

  [[nodiscard]] int signal() const noexcept { return signal_; }

 private:
  /// Or until a signal has come: what is under way is left where it stands, and never resumed.
  template <class Condition>
  void run_until(Condition condition) {
    context_.restart();
    while (!condition() && signal_ == 0) context_.run_one();
  }

  asio::io_context context_{1};
  asio::signal_set signals_{context_};
  int signal_ = 0;
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

void blocking_client::pause(std::chrono::milliseconds time) {
  state_->pause(time);
}

void blocking_client::end_on_signals() {
  state_->end_on_signals();
}

int blocking_client::signal() const noexcept {
  return state_->signal();
}

exit_status status_after(int signal) noexcept {
  return signal == SIGINT ? exit_status::interrupted : exit_status::terminated;
}

}  // namespace keelson::client
