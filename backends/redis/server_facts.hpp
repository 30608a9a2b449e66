#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "backends/redis/connection.hpp"
#include "backends/redis/stored.hpp"

namespace keelson::backends::redis {

/// What a server says of itself.
struct server_facts {
  witness counters;
  std::string role;    ///< `master` or `slave`
  std::string policy;  ///< when memory is full: `noeviction` or what it lets go
  bool cluster = false;
  bool expiring = false;  ///< keys of our database have a time to live
};

/// What stands behind `name:` at the beginning of a line of the answer to INFO; empty if nothing
/// does.
[[nodiscard]] std::string_view info_line(std::string_view info, std::string_view name);

/// From the answer to INFO.
[[nodiscard]] server_facts read_facts(std::string_view info, std::uint32_t database);

/// Whether a secondary may lie there: not_supported with the reason, unavailable on a replica.
[[nodiscard]] result<void> check_server(const server_facts& facts);

/// Asks INFO and, where an ACL does not forbid it, CONFIG.
[[nodiscard]] result<server_facts> ask_facts(connection& server, std::uint32_t database);

}  // namespace keelson::backends::redis
