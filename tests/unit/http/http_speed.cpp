#include <csignal>
#include <iostream>

#include "tests/unit/http/running_server.hpp"

/// Serves over a map until it is told to end: what the front alone costs, for wrk.
/// usage: http_speed [PORT [IO_THREADS]]
int main(int argc, char** argv) {
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGINT);
  sigaddset(&ends, SIGTERM);
  sigprocmask(SIG_BLOCK, &ends, nullptr);
  keelson::http::server_options options;
  options.io_threads = argc > 2 ? std::stoul(argv[2]) : 1;
  keelson::test::running_server server(
      options, argc > 1 ? static_cast<std::uint16_t>(std::stoi(argv[1])) : 0);
  std::cout << server.port() << std::endl;
  int signal = 0;
  sigwait(&ends, &signal);
  return 0;
}
