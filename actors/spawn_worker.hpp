#pragma once

#include <cstdint>
#include <utility>

#include <caf/spawn_options.hpp>

namespace keelson::actors {

/// Where a worker that blocks runs: on a thread of its own, or, under the test coordinator's
/// virtual time, like any other actor.
enum class worker_thread : std::uint8_t { own, shared };

/// Spawns a worker that `self` monitors.
template <class Self, class... Args>
auto spawn_worker(Self* self, worker_thread thread, Args&&... args) {
  if (thread == worker_thread::own) {
    return self->template spawn<caf::detached + caf::monitored>(std::forward<Args>(args)...);
  }
  return self->template spawn<caf::monitored>(std::forward<Args>(args)...);
}

}  // namespace keelson::actors
