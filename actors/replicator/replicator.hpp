#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include "actors/contracts.hpp"
#include "actors/replicator/replicator_core.hpp"
#include "actors/replicator/worker_actor.hpp"
#include "actors/spawn_worker.hpp"
#include "protocols/messages/operator.hpp"

namespace keelson::replicator {

/// What a replicator asks and tells the writer.
using primary_desk = actors::witness_stand::extend_with<actors::log_holder>;

/// Role: begins a full comparison and says what has become of it, as messages::validator does.
using comparison_desk =
    caf::typed_actor<caf::replies_to<messages::verify_atom,
                                     messages::verify_request>::with<messages::answer<std::string>>,
                     caf::replies_to<messages::report_atom,
                                     std::string>::with<messages::answer<messages::verify_report>>>;

/// Keeps one secondary equal to the primary. Told of the primary's openings, groups and breaks (it
/// has to be registered as a follower of the writer); tells `users` when the secondary can be read.
using replicator_actor = actors::primary_follower::extend_with<messages::secondary_reporter>::
    extend_with<messages::secondary_operator>::extend_with<actors::stoppable>::extend<
        caf::reacts_to<messages::tick_atom, std::uint64_t>>;

class replicator_state {
 public:
  explicit replicator_state(replicator_actor::pointer self) : self_(self) {}
  ~replicator_state();
  replicator_state(const replicator_state&) = delete;
  replicator_state& operator=(const replicator_state&) = delete;
  static inline const char* name = "replicator";

  void begin(replicator_options options, primary_desk desk, comparison_desk comparisons,
             std::vector<actors::store_user> users, actors::worker_thread thread);
  void primary_opened(const actors::opened_store& primary);
  void primary_closed(const std::string& name);
  void committed(const actors::group_ref& group);
  void broken(const actors::history_break& news);
  void tick(std::uint64_t generation);
  void worker_down(const caf::down_msg& down);
  [[nodiscard]] messages::secondary_status status() const;
  /// The status after a verb that was taken, or why it was not.
  [[nodiscard]] messages::answer<messages::secondary_status> after(result<void> verb);
  [[nodiscard]] replicator_core& core() { return *core_; }
  caf::result<messages::stopped_atom> stop();

 private:
  void spawn();
  /// Has the next step done, if there is one, and sees to the timer and to who watches.
  void pump();
  void order(step next);
  void ask_judge(const judge_step& question);
  void reported(step_report& report);
  void tell_closed();
  void set_timer();
  void watch_state();
  void hold_log();
  void ask_about_doubt();
  void finish_stop();
  [[nodiscard]] time_point now() const { return self_->clock().now(); }

  replicator_actor::pointer self_;
  std::optional<replicator_options> options_;
  std::optional<replicator_core> core_;
  primary_desk desk_;
  comparison_desk comparisons_;
  std::vector<actors::store_user> users_;
  actors::worker_thread thread_ = actors::worker_thread::own;
  std::shared_ptr<actors::primary_link> primary_ = std::make_shared<actors::primary_link>();
  worker_actor worker_;
  std::uint64_t life_ = 0;  ///< counts the workers
  bool published_ = false;  ///< the users know of the open store
  std::optional<time_point> timer_at_;
  std::uint64_t timer_ = 0;  ///< counts the timers: only the last one counts
  messages::component_state seen_ = messages::component_state::starting;
  std::string seen_reason_;
  std::optional<caf::typed_response_promise<messages::stopped_atom>> stopping_;
  bool finishing_ = false;
  std::optional<sequence> held_after_;  ///< as the writer was told
};

[[nodiscard]] replicator_actor::behavior_type run_replicator(
    replicator_actor::stateful_pointer<replicator_state> self, replicator_options options,
    primary_desk desk, comparison_desk comparisons, std::vector<actors::store_user> users,
    actors::worker_thread thread);

}  // namespace keelson::replicator

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(keelson::replicator::replicator_options)
