#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include "actors/contracts.hpp"
#include "actors/spawn_worker.hpp"
#include "actors/store/reader_worker.hpp"

namespace keelson::store {

struct reader_options {
  std::string store = std::string(actors::primary_name);  ///< whose openings it listens to
  std::size_t workers = 2;
  std::size_t queue = 4096;  ///< asks that wait
};

/// The stable front of the readers of one store: bounds what waits, gives the next ask to a worker
/// that is idle, replaces a worker that dies. Asks that wait when the store closes are answered
/// `unavailable`.
using reader_front =
    messages::reader::extend_with<messages::log_reader>::extend_with<actors::store_user>::
        extend_with<actors::stoppable>::extend<caf::reacts_to<messages::tick_atom>>;

class reader_front_state {
 public:
  explicit reader_front_state(reader_front::pointer self) : self_(self) {}
  static inline const char* name = "reader_front";

  void begin(reader_options options, actors::worker_thread thread);
  void opened(const actors::opened_store& store);
  void closed();
  void worker_down(const caf::down_msg& down);
  void tick();
  [[nodiscard]] const std::string& store() const noexcept { return options_.store; }
  caf::result<messages::stopped_atom> stop();

  /// Queues one ask; `refused` makes the answer of a request that could not be served.
  template <class Reply, class Verb, class Ask, class Refused>
  caf::result<Reply> accept(Verb verb, Ask& ask, std::int64_t timeout_milliseconds,
                            Refused refused);

 private:
  struct slot {
    reader_worker worker;
    bool busy = false;
    std::uint64_t life = 0;  ///< counts the workers that had this slot
  };
  struct waiting {
    std::int64_t deadline = 0;
    std::function<void(std::size_t slot)> run;
    std::function<void(const error&)> refuse;
  };
  [[nodiscard]] std::int64_t now_milliseconds() const;
  void spawn(slot& place);
  void pump();
  void done(std::size_t slot, std::uint64_t life);

  reader_front::pointer self_;
  reader_options options_;
  actors::worker_thread thread_ = actors::worker_thread::own;
  std::vector<slot> slots_;
  std::deque<waiting> queue_;
  std::optional<actors::opened_store> open_;
  bool stopping_ = false;
};

[[nodiscard]] reader_front::behavior_type run_reader_front(
    reader_front::stateful_pointer<reader_front_state> self, reader_options options,
    actors::worker_thread thread);

}  // namespace keelson::store
