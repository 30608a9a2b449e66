#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/contracts.hpp"
#include "actors/store/primary_keeper.hpp"

namespace keelson::store {

struct write_group {
  std::vector<parcel> parcels;
};

/// What a second's housekeeping did.
struct maintenance_report {
  std::vector<parcel_answers> given_up;
  sequence oldest;
  bool open = false;
  std::optional<error> problem;
};

/// The thread beside the front: a primary_keeper behind messages. Detached, since it blocks.
///   start: (re)open the store; write: commit a group; witness: judge a point; tick: housekeeping,
///   at the front's time; closed: let the store go; stop: let it go and end.
using writer_worker =
    caf::typed_actor<caf::replies_to<messages::start_atom>::with<messages::answer<open_report>>,
                     caf::replies_to<messages::write_atom, write_group>::with<group_report>,
                     caf::replies_to<messages::witness_atom, log_point, std::string>::with<
                         messages::answer<primary_keeper::testimony_report>>,
                     caf::replies_to<messages::tick_atom, std::int64_t>::with<maintenance_report>,
                     caf::reacts_to<messages::closed_atom>,
                     caf::replies_to<messages::stop_atom>::with<messages::stopped_atom>>;

struct writer_worker_state {
  std::optional<primary_keeper> keeper;
  static inline const char* name = "writer_worker";
};

[[nodiscard]] writer_worker::behavior_type run_writer_worker(
    writer_worker::stateful_pointer<writer_worker_state> self, primary_options options);

}  // namespace keelson::store

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(keelson::store::write_group)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(keelson::store::group_report)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(keelson::store::open_report)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(keelson::store::maintenance_report)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(keelson::messages::answer<keelson::store::open_report>)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(
    keelson::messages::answer<keelson::store::primary_keeper::testimony_report>)
