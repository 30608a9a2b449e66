#pragma once

#include <memory>
#include <mutex>

#include <caf/fwd.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include "protocols/messages/reader.hpp"
#include "tests/unit/feed/history.hpp"

namespace keelson::test {

/// A random history as a primary's readers give it.
struct shared_log {
  explicit shared_log(std::uint64_t seed, std::size_t most_in_commit = 5)
      : log(seed, most_in_commit) {}
  std::mutex mutex;
  history log;
  sequence oldest;
  std::size_t reads = 0;  ///< of the log
};

using log_actor = messages::reader::extend_with<messages::log_reader>;

/// Answers for the log and for lists, always as of the log's end.
[[nodiscard]] log_actor spawn_log_actor(caf::actor_system& system, std::shared_ptr<shared_log> log);

/// The store's answer to a list request, as of the log's end.
[[nodiscard]] messages::list_page page_of(const history& log,
                                          const messages::list_request& request);

}  // namespace keelson::test
