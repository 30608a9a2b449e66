#pragma once

#include <string>

#include <sys/types.h>

namespace keelson::servers {

/// A server that speaks MongoDB's protocol: the one that KEELSON_TEST_MONGODB_URL names, or
/// mongo-java-server in memory, out of what deploy/test installs in build/maven. That one ends with
/// the object, and with the process.
class mongo_server {
 public:
  /// Waits until it takes connections.
  mongo_server();
  ~mongo_server();
  mongo_server(const mongo_server&) = delete;
  mongo_server& operator=(const mongo_server&) = delete;

  /// The URL of a database that nobody used before.
  [[nodiscard]] std::string fresh_url();

  /// Of the tests' own one; empty for one that was named.
  [[nodiscard]] static std::string version();
  /// Why it cannot be run here; empty if it can.
  [[nodiscard]] static std::string lack();
  /// The one of this process, started when it is first asked for.
  [[nodiscard]] static mongo_server& shared();

 private:
  void start();

  std::string before_database_;  ///< of the URL
  std::string behind_database_;
  pid_t process_ = -1;
  int input_ = -1;
  unsigned databases_ = 0;
};

}  // namespace keelson::servers
