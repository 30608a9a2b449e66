#include "actors/system/end_watch.hpp"

#include <csignal>
#include <cstdlib>
#include <utility>

#include <spdlog/spdlog.h>
#include <unistd.h>

#include "metrics/logging.hpp"
#include "protocols/model/log_text.hpp"

namespace keelson::system {

namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

sigset_t ending_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

sigset_t all_signals() {
  auto set = ending_signals();
  sigaddset(&set, SIGHUP);
  return set;
}

/// timeout(1), for one, signals a process and then its group: still one wish to end.
constexpr auto echo_of_the_first = 500ms;

std::jthread watch(std::string reason, steady::time_point from, steady::time_point until) {
  return std::jthread([reason = std::move(reason), from, until](const std::stop_token& done) {
    const auto set = ending_signals();
    while (!done.stop_requested()) {
      const timespec moment{.tv_sec = 0, .tv_nsec = 10'000'000};
      if (sigtimedwait(&set, nullptr, &moment) > 0 && steady::now() >= from) end_at_once(reason);
      if (steady::now() > until) end_at_once("the stop took too long");
    }
  });
}

}  // namespace

void block_signals() {
  const auto set = all_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

int wait_for_signal() {
  const auto set = all_signals();
  int received = 0;
  sigwait(&set, &received);
  return received;
}

void end_at_once(const std::string& reason) {
  spdlog::error("component=system event=stopped_at_once reason={}", log_quoted(reason));
  metrics::flush_log();
  _exit(EXIT_FAILURE);
}

std::jthread end_at_signal(std::string reason) {
  return watch(std::move(reason), steady::time_point::min(), steady::time_point::max());
}

std::jthread end_at_second_signal(std::chrono::milliseconds patience) {
  const auto now = steady::now();
  return watch("a second signal", now + echo_of_the_first, now + patience);
}

}  // namespace keelson::system
