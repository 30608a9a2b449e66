#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <caf/fwd.hpp>

#include "protocols/bridge/services.hpp"
#include "tests/unit/http/map_store.hpp"

namespace keelson::test {

/// What a test sees and steers of the actors behind the front.
struct actor_control {
  std::mutex mutex;
  map_store store;
  std::vector<std::string> checked;         ///< keys handed to the validator
  std::vector<std::size_t> write_messages;  ///< requests in each message
  std::atomic<bool> writer_silent{false};   ///< takes messages and never answers
  std::atomic<bool> operator_silent{false};
  std::atomic<bool> primary_serves{true};
};

/// Cooperative actors for all roles but the feed; `kv` is a secondary that reads the same map.
[[nodiscard]] bridge::services spawn_map_actors(caf::actor_system& system,
                                                std::shared_ptr<actor_control> control);

/// Ends them, so that what is sent to them bounces.
void end_map_actors(const bridge::services& services);

}  // namespace keelson::test
