#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include "actors/contracts.hpp"
#include "actors/spawn_worker.hpp"
#include "actors/store/write_inbox.hpp"
#include "actors/store/writer_worker.hpp"
#include "metrics/writer_metrics.hpp"
#include "protocols/model/backoff.hpp"

namespace keelson::store {

/// The stable front of the primary's writer. It bounds what waits for its worker, which answers
/// by itself, restarts it and opens the store again after a failure; whoever follows the log hears
/// of each group only after it is durable.
///   follow: from now on told of openings, groups and breaks (register before start).
///   start: opens the primary; the answer is that of the first try. Later tries go on by
///   themselves unless what was found needs a person.
using writer_front = messages::writer::extend_with<actors::witness_stand>::extend_with<
    actors::log_holder>::extend_with<messages::primary_reporter>::extend_with<actors::stoppable>::
    extend<caf::reacts_to<messages::follow_atom, actors::primary_follower>,
           caf::reacts_to<messages::follow_atom, actors::store_user>,
           caf::replies_to<messages::start_atom>::with<messages::answer<log_point>>,
           caf::reacts_to<messages::commit_atom, group_report>,
           caf::reacts_to<messages::tick_atom, std::uint64_t>>;

class writer_front_state {
 public:
  explicit writer_front_state(writer_front::pointer self) : self_(self) {}
  static inline const char* name = "writer_front";

  void begin(primary_options options, actors::worker_thread thread);
  caf::result<messages::write_receipts> write(messages::write_batch& batch);
  caf::result<messages::answer<actors::testimony_result>> witness(const log_point& kept,
                                                                  const std::string& seen_by);
  caf::result<messages::answer<log_point>> start();
  caf::result<messages::stopped_atom> stop();
  void tick(std::uint64_t generation);
  void worker_down(const caf::down_msg& down);
  void hold(const std::string& name, sequence after) { held_after_[name] = after; }
  /// What the worker tells of a group.
  void settled(group_report& report);
  [[nodiscard]] messages::primary_status status() const;

  std::vector<actors::primary_follower> followers;
  std::vector<actors::store_user> users;

 private:
  [[nodiscard]] std::int64_t now_milliseconds() const;
  void spawn();
  void open();
  void opened(open_report report);
  void open_failed(const error& problem);
  void committed(group_report& report);
  void trimmed(sequence to);
  void broken(const error& problem);
  void refuse(std::vector<parcel> parcels, const error& problem);
  void announce_break(messages::history_replaced why);
  void tell_closed();
  void enter(messages::component_state state, std::string reason);
  void finish_stop();
  void housekeeping();
  void place_checked(const maintenance_report& report);
  [[nodiscard]] error unavailable() const;
  void count(const group_report& report);
  void show_meta();
  void show_queue();
  [[nodiscard]] caf::strong_actor_ptr me() const;

  writer_front::pointer self_;
  std::optional<primary_options> options_;
  actors::worker_thread thread_ = actors::worker_thread::own;
  std::optional<metrics::writer_metrics> metrics_;
  writer_worker worker_;
  std::shared_ptr<write_inbox> inbox_;
  std::uint64_t next_parcel_ = 1;
  std::map<std::string, sequence> held_after_;  ///< by follower
  std::optional<std::int64_t> opening_since_;
  std::int64_t reopen_at_ = 0;  ///< when closed
  std::int64_t next_housekeeping_ = 0;
  bool place_lost_ = false;
  std::optional<std::int64_t> house_since_;  ///< when the worker was asked to keep house
  backoff backoff_;
  messages::component_state state_ = messages::component_state::starting;
  std::string reason_;
  backends::primary_meta meta_;
  std::optional<messages::history_replaced> replaced_;
  std::optional<caf::typed_response_promise<messages::answer<log_point>>> starting_;
  std::optional<caf::typed_response_promise<messages::stopped_atom>> stopping_;
  std::uint64_t generation_ = 0;
};

[[nodiscard]] writer_front::behavior_type run_writer_front(
    writer_front::stateful_pointer<writer_front_state> self, primary_options options,
    actors::worker_thread thread);

}  // namespace keelson::store
