#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "protocols/messages/component_status.hpp"
#include "protocols/messages/feed_request.hpp"

namespace keelson::wire {

/// The answer of one component that was asked how it is, or why it did not answer.
template <class Status>
struct asked {
  std::string name;
  result<Status> answer;
};

struct queue_status {
  std::uint64_t requests_in_flight = 0;
  std::uint64_t requests_refused = 0;
  std::uint64_t connections = 0;
};

/// What `/readyz` and `/v1/status` are made of.
struct service_status {
  std::string version;
  std::uint64_t uptime_seconds = 0;
  result<messages::primary_status> primary;
  std::vector<asked<messages::secondary_status>> secondaries;
  result<messages::validator_status> validator;
  result<messages::feed_status> feed;
  queue_status queues;
};

/// `/v1/status` as in api.md. A component that did not answer has the state `unavailable` and the
/// reason.
[[nodiscard]] std::string status_text(const service_status& status);

/// One entry of `secondaries` in it.
void append_secondary(std::string& to, const asked<messages::secondary_status>& secondary);

/// True when the primary serves: `/readyz` is 200.
[[nodiscard]] bool is_ready(const service_status& status);

/// `{"state":"ready"|"degraded"|"unavailable","components":[{"name","state","reason"}]}`.
[[nodiscard]] std::string readyz_text(const service_status& status);

}  // namespace keelson::wire
