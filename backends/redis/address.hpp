#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "backends/registry.hpp"

namespace keelson::backends::redis {

struct server_address {
  std::string host;
  std::string port;
  [[nodiscard]] std::string text() const;  ///< `host:port`, IPv6 in brackets
};

struct credentials {
  std::string user;  ///< of an ACL; empty: the server's default user
  std::string password;
};

/// What a TLS connection is checked with and shows. An empty path: the system's authorities, and
/// no certificate of our own.
struct tls_files {
  std::filesystem::path authorities;
  std::filesystem::path certificate;
  std::filesystem::path key;
};

/// How long a server may keep us waiting.
struct patience {
  std::chrono::milliseconds connect{3000};
  std::chrono::milliseconds silence{5000};  ///< without a byte taken or given
};

/// A URL of a Redis store, taken apart:
///
///     redis://[USER[:PASSWORD]@]HOST[:PORT][/DATABASE][?prefix=NAME]
///     redis://[USER[:PASSWORD]@]HOST:PORT,HOST:PORT,...[/DATABASE]?sentinel=MASTER
///     rediss://...[?cacert=PATH&cert=PATH&key=PATH]
///
/// With `sentinel` the hosts are sentinels, which are asked for the master of that name, under
/// `sentinel_user` and `sentinel_password`. Relative paths lie in the data folder. `timeout_ms` and
/// `connect_timeout_ms` change the time-outs.
struct redis_address {
  std::string shown;  ///< the URL without secrets
  std::vector<server_address> servers;
  credentials login;
  std::string master;  ///< as the sentinels call it; empty: the one server is meant
  credentials sentinel_login;
  std::uint32_t database = 0;
  std::string prefix = "keelson";  ///< of every key of ours
  std::optional<tls_files> tls;
  patience waits;
};

/// Fails with invalid_parameter, in words without secrets.
[[nodiscard]] result<redis_address> parse_address(const store_location& location);

}  // namespace keelson::backends::redis
