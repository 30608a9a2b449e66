#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/contracts.hpp"
#include "actors/spawn_worker.hpp"
#include "actors/store/reader_worker.hpp"
#include "metrics/handles.hpp"

namespace keelson::store {

struct reader_options {
  std::string store = std::string(actors::primary_name);  ///< whose openings it listens to
  std::size_t workers = 2;
  std::size_t queue = 4096;   ///< asks that its workers may hold
  metrics::counter restarts;  ///< of workers
};

/// The stable front of the readers of one store: gives each ask to the worker that holds the
/// fewest, which answers who asked; bounds what they hold, and replaces a worker that dies.
using reader_front = messages::reader::extend_with<messages::log_reader>::extend_with<
    actors::store_user>::extend_with<actors::stoppable>;

class reader_front_state {
 public:
  explicit reader_front_state(reader_front::pointer self) : self_(self) {}
  static inline const char* name = "reader_front";

  void begin(reader_options options, actors::worker_thread thread);
  void opened(const actors::opened_store& store);
  void closed();
  void worker_down(const caf::down_msg& down);
  [[nodiscard]] const std::string& store() const noexcept { return options_.store; }
  caf::result<messages::stopped_atom> stop();

  /// Passes one ask on; `refuse` makes the answer of one that could not be served.
  template <class Reply, class Verb, class Ask, class Refuse>
  caf::result<Reply> pass_on(Verb verb, Ask& ask, std::int64_t timeout_milliseconds, Refuse refuse);

 private:
  struct slot {
    reader_worker worker;
    reader_load load;
  };
  [[nodiscard]] std::int64_t now_milliseconds() const;
  void spawn(slot& place);

  reader_front::pointer self_;
  reader_options options_;
  actors::worker_thread thread_ = actors::worker_thread::own;
  std::vector<slot> slots_;
  std::optional<actors::opened_store> open_;
  bool stopping_ = false;
};

[[nodiscard]] reader_front::behavior_type run_reader_front(
    reader_front::stateful_pointer<reader_front_state> self, reader_options options,
    actors::worker_thread thread);

}  // namespace keelson::store
