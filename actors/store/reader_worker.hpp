#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/contracts.hpp"
#include "backends/store.hpp"

namespace keelson::store {

/// Asks that a worker holds; raised by who gives it one, lowered by the worker when it is answered.
using reader_load = std::shared_ptr<std::atomic<std::size_t>>;

/// A thread that reads one store, through a session of its own. Detached, since it blocks. It
/// answers who asked its front.
using reader_worker = caf::typed_actor<
    caf::replies_to<messages::get_atom, std::int64_t,
                    messages::get_batch>::with<messages::get_replies>,
    caf::replies_to<messages::get_many_atom, std::int64_t,
                    messages::get_many_request>::with<messages::answer<messages::get_many_reply>>,
    caf::replies_to<messages::list_atom, std::int64_t,
                    messages::list_request>::with<messages::answer<messages::list_page>>,
    caf::replies_to<messages::sums_atom, std::int64_t, messages::collections_request>::with<
        messages::answer<messages::collections_reply>>,
    caf::replies_to<messages::log_atom, std::int64_t, messages::log_request>::with<messages::answer<
        messages::log_reply>>>::extend_with<actors::store_user>::extend_with<actors::stoppable>;

class reader_worker_state {
 public:
  static inline const char* name = "reader_worker";

  void opened(const actors::opened_store& store);
  void closed() { session_.reset(); }
  [[nodiscard]] messages::get_replies get(const messages::get_batch& batch);
  [[nodiscard]] result<messages::get_many_reply> get_many(const messages::get_many_request& ask);
  [[nodiscard]] result<messages::list_page> list(const messages::list_request& ask);
  [[nodiscard]] result<messages::collections_reply> sum_up(
      const messages::collections_request& ask);
  [[nodiscard]] result<messages::log_reply> read_log(const messages::log_request& ask);

 private:
  [[nodiscard]] result<void> ready() const;
  /// Also that the store has got to this position, before more is read.
  [[nodiscard]] result<void> ready_at(const position& minimum);
  /// A failure of the store as a client sees it: unavailable, but what the client did wrong stays
  /// what it is. The log is told of a reason once.
  [[nodiscard]] error failure(error problem);

  std::unique_ptr<backends::store_reader> session_;
  backends::primary_reader* primary_ = nullptr;  ///< session_, when the store is the primary
  std::string reason_ = "the store is not open";
  std::string store_;  ///< its name
  std::string told_;   ///< the failure that the log was told of last
};

[[nodiscard]] reader_worker::behavior_type run_reader_worker(
    reader_worker::stateful_pointer<reader_worker_state> self, const reader_load& load);

}  // namespace keelson::store
