#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/contracts.hpp"
#include "actors/store/primary_keeper.hpp"
#include "actors/store/write_inbox.hpp"
#include "metrics/by_word.hpp"

namespace keelson::store {

/// What a second's housekeeping goes by.
struct housekeeping {
  std::int64_t now = 0;                ///< in the front's time
  std::optional<sequence> held_after;  ///< records after it are still needed by secondaries
};

/// What a second's housekeeping did.
struct maintenance_report {
  sequence oldest;
  bool open = false;
  std::optional<error> problem;
  std::optional<error> lost_place;  ///< why nothing is written, though the store is open
};

/// Role: told of each group that was made durable, and of one that broke the store.
using group_listener = caf::typed_actor<caf::reacts_to<messages::commit_atom, group_report>>;

/// The thread beside the front: a primary_keeper behind messages. Detached, since it blocks. It
/// answers requests itself, then tells the front of the group.
///   start: (re)open the store; commit: something waits in the inbox; witness: judge a point; tick:
///   housekeeping, alone: the next slice of it; stop: commit what waits, let the store go and end.
using writer_worker =
    caf::typed_actor<caf::replies_to<messages::start_atom>::with<messages::answer<open_report>>,
                     caf::reacts_to<messages::commit_atom>,
                     caf::replies_to<messages::witness_atom, log_point, std::string>::with<
                         messages::answer<primary_keeper::testimony_report>>,
                     caf::replies_to<messages::tick_atom, housekeeping>::with<maintenance_report>,
                     caf::reacts_to<messages::tick_atom>,
                     caf::replies_to<messages::stop_atom>::with<messages::stopped_atom>>;

class writer_worker_state {
 public:
  explicit writer_worker_state(writer_worker::pointer self) : self_(self) {}
  static inline const char* name = "writer_worker";

  /// `refusals` are counted by code.
  void begin(primary_options options, std::shared_ptr<write_inbox> inbox, group_listener front,
             metrics::by_word<metrics::counter> refusals);
  [[nodiscard]] messages::answer<open_report> open();
  /// Commits the next group; false: none waits.
  bool commit();
  [[nodiscard]] messages::answer<primary_keeper::testimony_report> testify(
      const log_point& kept, const std::string& seen_by);
  [[nodiscard]] maintenance_report keep_house(const housekeeping& by);
  /// Trims a slice of the log, and goes on with a message to itself while there is more.
  result<void> trim();
  void stop();
  /// Answers what is held as unknown: it will not be known here any more.
  void give_up_all(const std::string& why);

 private:
  struct held {
    reply_address reply;
    std::size_t requests = 0;
  };
  /// If nobody writes: whether the primary could be.
  [[nodiscard]] result<void> look();
  /// The store was closed and has to be opened again.
  void tell_broken(error why);
  void hold(std::vector<parcel>& group);
  void answer(std::vector<parcel_answers>& answers);
  void answer(held& whom, messages::write_receipts receipts);
  [[nodiscard]] caf::strong_actor_ptr me() const;

  writer_worker::pointer self_;
  std::optional<primary_keeper> keeper_;
  std::shared_ptr<write_inbox> inbox_;
  group_listener front_;
  metrics::by_word<metrics::counter> refusals_;
  std::optional<sequence> held_after_;
  bool quiet_ = false;                            ///< no group since the last housekeeping
  std::unordered_map<std::uint64_t, held> held_;  ///< by parcel: of the group in hand or unsettled
};

[[nodiscard]] writer_worker::behavior_type run_writer_worker(
    writer_worker::stateful_pointer<writer_worker_state> self, primary_options options,
    std::shared_ptr<write_inbox> inbox, group_listener front,
    metrics::by_word<metrics::counter> refusals);

}  // namespace keelson::store

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(keelson::store::group_report)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(keelson::store::open_report)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(keelson::store::housekeeping)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(keelson::store::maintenance_report)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(keelson::messages::answer<keelson::store::open_report>)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(
    keelson::messages::answer<keelson::store::primary_keeper::testimony_report>)
