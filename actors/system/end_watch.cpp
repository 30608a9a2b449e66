#include "actors/system/end_watch.hpp"

#include <csignal>
#include <cstdlib>
#include <utility>

#include <spdlog/spdlog.h>
#include <unistd.h>

#include "metrics/logging.hpp"

namespace keelson::system {

namespace {

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

std::jthread watch(std::string reason, steady::time_point until) {
  return std::jthread([reason = std::move(reason), until](const std::stop_token& done) {
    const auto set = ending_signals();
    while (!done.stop_requested()) {
      const timespec moment{.tv_sec = 0, .tv_nsec = 10'000'000};
      if (sigtimedwait(&set, nullptr, &moment) > 0) end_at_once(reason);
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
  spdlog::error("component=system event=stopped_at_once reason=\"{}\"", reason);
  metrics::finish_logging();
  _exit(EXIT_FAILURE);
}

std::jthread end_at_signal(std::string reason) {
  return watch(std::move(reason), steady::time_point::max());
}

std::jthread end_at_signal(std::string reason, std::chrono::milliseconds patience) {
  return watch(std::move(reason), steady::now() + patience);
}

}  // namespace keelson::system
