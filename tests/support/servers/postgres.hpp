#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

namespace keelson::servers {

/// Debian's PostgreSQL on a free port of the loopback address, in a temporary folder. It ends with
/// the object, and with the process. Run by root it runs as another user, since it refuses root.
class postgres_server {
 public:
  /// Waits until it takes connections. `options` are words of its command line, such as `-c`,
  /// `fsync=off`.
  explicit postgres_server(const std::vector<std::string>& options = {});
  ~postgres_server();
  postgres_server(const postgres_server&) = delete;
  postgres_server& operator=(const postgres_server&) = delete;

  /// `postgresql://keelson@127.0.0.1:PORT/DATABASE`.
  [[nodiscard]] std::string url(const std::string& database) const;
  /// The URL of a new database. All but the latest few are dropped unless they are in use.
  [[nodiscard]] std::string fresh_url();
  /// What `psql` prints of a statement's rows; throws std::runtime_error if that fails.
  std::string run(const std::string& url, const std::string& sql) const;

  /// Why it cannot be run here; empty if it can.
  [[nodiscard]] static std::string lack();
  /// The one of this process, started when it is first asked for.
  [[nodiscard]] static postgres_server& shared();

 private:
  void start(const std::vector<std::string>& options);

  std::filesystem::path programs_;
  std::filesystem::path folder_;
  std::uint16_t port_ = 0;
  pid_t process_ = -1;
  unsigned databases_ = 0;
};

}  // namespace keelson::servers
