#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

namespace keelson::servers {

/// Of the loopback address.
[[nodiscard]] std::uint16_t free_port();

/// Debian's redis-server on a free port of the loopback address, in a temporary folder and,
/// unless its options say otherwise, with nothing kept on disk. It ends with the object, and with
/// the process.
class redis_server {
 public:
  /// Waits until it takes connections. `options` are words of its command line, such as `--port`.
  explicit redis_server(std::vector<std::string> options = {});
  ~redis_server();
  redis_server(const redis_server&) = delete;
  redis_server& operator=(const redis_server&) = delete;

  /// Of a server that keeps each write before it answers.
  [[nodiscard]] static std::vector<std::string> keeping_all();

  /// `redis://127.0.0.1:PORT`, with nothing behind it.
  [[nodiscard]] std::string url() const;
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] pid_t process() const noexcept { return process_; }
  /// What redis-cli prints for a command, such as {"GET", "key"}.
  std::string cli(std::vector<std::string> words) const;
  /// It takes connections and answers nothing, or goes on.
  void freeze(bool frozen) const;

  /// Killed, and started again in the same place.
  void die_and_start();

  /// Why it cannot be run here; empty if it can.
  [[nodiscard]] static std::string lack();
  /// The one of this process, started when it is first asked for.
  [[nodiscard]] static redis_server& shared();

 private:
  void start();
  void end();

  std::vector<std::string> options_;
  std::filesystem::path folder_;
  std::uint16_t port_ = 0;
  pid_t process_ = -1;
  int output_ = -1;  ///< where it says what it does
};

}  // namespace keelson::servers
