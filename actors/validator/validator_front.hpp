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
#include "actors/validator/check_lane.hpp"
#include "actors/validator/comparer.hpp"
#include "actors/validator/ledger.hpp"
#include "actors/validator/pass_book.hpp"
#include "actors/validator/token_bucket.hpp"
#include "metrics/validator_metrics.hpp"
#include "protocols/messages/validator.hpp"
#include "protocols/model/clock.hpp"

namespace keelson::validator {

/// The role of messages::validator, told of the primary and of each secondary as a store_user.
/// It compares nothing itself: each secondary has two workers, one for single documents and one for
/// passes, so that neither a pass nor another secondary that hangs keeps a check waiting.
///   tick: of the validator; the deadline of a compare; the next step of a pass's part.
using validator_front =
    messages::validator::extend_with<actors::store_user>::extend_with<actors::stoppable>::extend<
        caf::reacts_to<messages::tick_atom>, caf::reacts_to<messages::tick_atom, std::uint64_t>,
        caf::reacts_to<messages::tick_atom, std::string, std::uint64_t>>;

class validator_state {
 public:
  explicit validator_state(validator_front::pointer self) : self_(self) {}
  static inline const char* name = "validator";

  void begin(validator_options options, wall_clock clock, actors::worker_thread thread);
  void check(const messages::check_batch& batch);
  caf::result<messages::comparisons> compare(const messages::request_context& context,
                                             const document_id& id);
  messages::answer<std::string> verify(const messages::verify_request& asked);
  messages::answer<messages::verify_report> report(const std::string& id) const;
  messages::answer<messages::differences_page> differ(
      const messages::differences_request& asked) const;
  messages::answer<messages::verify_report> cancel(const std::string& id);
  [[nodiscard]] messages::validator_status status() const;
  void opened(const actors::opened_store& store);
  void closed(const std::string& store);
  caf::result<messages::stopped_atom> stop();
  void tick();
  void compare_expired(std::uint64_t ticket);
  void advance(const std::string& id, std::size_t part);
  void worker_down(const caf::down_msg& down);

 private:
  struct worker {
    comparer actor;
    std::shared_ptr<actors::primary_link> primary;
  };
  struct lane {
    compared_secondary secondary;
    check_lane queue;
    metrics::comparison_metrics metrics;
    worker checker;
    worker scanner;
  };
  /// Somebody who waits for the comparisons of one document.
  struct waiter {
    caf::typed_response_promise<messages::comparisons> promise;
    messages::comparisons so_far;
    std::size_t missing = 0;
  };

  [[nodiscard]] moment now() const;
  void respawn();
  void spawn(const lane& of, worker& place);
  void tell_opened(const worker& to, const actors::opened_store& store);
  void pump(lane& at);
  void checked(lane& at, const std::vector<queued_check>& job, ordinal began,
               const std::vector<judgement>& judgements);
  void answer(std::uint64_t ticket, const std::string& secondary, comparison outcome);
  /// Tells ledger, metrics and log.
  void record(lane& of, const judgement& judged, ordinal began, ordinal arrived);
  void show_gauges(lane& of);
  void log_unknown();
  void advance(const std::shared_ptr<pass>& running, std::size_t part);
  void compare_piece(const std::shared_ptr<pass>& running, std::size_t part);
  void look_again(const std::shared_ptr<pass>& running, std::size_t part);
  void took_piece(const std::shared_ptr<pass>& running, std::size_t part, ordinal began,
                  const piece_result& piece);
  void took_relook(const std::shared_ptr<pass>& running, std::size_t part, ordinal began,
                   const compared_documents& compared);
  void record_all(pass& of, lane& at, const std::vector<judgement>& judgements, ordinal began);
  void ended(const pass& done);
  lane& lane_of(const std::string& secondary);
  [[nodiscard]] std::size_t queued() const;

  validator_front::pointer self_;
  std::optional<validator_options> options_;
  wall_clock clock_;
  actors::worker_thread thread_ = actors::worker_thread::own;
  std::optional<metrics::validator_metrics> metrics_;
  std::vector<lane> lanes_;
  std::map<std::string, actors::opened_store> stores_;  ///< what is open
  std::optional<token_bucket> budget_;
  std::optional<token_bucket> log_budget_;
  std::uint64_t unlogged_ = 0;
  std::optional<ledger> ledger_;
  std::optional<timestamp> unknown_since_;  ///< as it was logged
  std::optional<pass_book> passes_;
  ordinal ordinal_ = 0;
  std::map<std::uint64_t, waiter> waiters_;
  std::uint64_t next_ticket_ = 1;
  std::uint64_t checks_ = 0;
  std::uint64_t let_go_ = 0;
  std::string last_full_pass_;
  std::string last_full_state_;
  timestamp last_full_at_;
  std::size_t stopping_ = 0;  ///< workers that have not ended yet
  std::optional<caf::typed_response_promise<messages::stopped_atom>> stopped_;
};

[[nodiscard]] validator_front::behavior_type run_validator(
    validator_front::stateful_pointer<validator_state> self, validator_options options,
    wall_clock clock, actors::worker_thread thread);

}  // namespace keelson::validator
