#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "actors/contracts.hpp"
#include "actors/replicator/doubt_watch.hpp"
#include "actors/replicator/live_window.hpp"
#include "actors/replicator/log_lag.hpp"
#include "actors/replicator/options.hpp"
#include "actors/replicator/steps.hpp"
#include "protocols/model/backoff.hpp"

namespace keelson::replicator {

/// Decides what one replicator does: takes events and the time, gives one step at a time. A new
/// step is only asked for with next(), which gives none while one is under way.
class replicator_core {
 public:
  explicit replicator_core(const core_options& options);

  // The primary and its log.
  void primary_opened(const log_point& end, sequence base);
  void primary_closed();
  void committed(const actors::group_ref& group, time_point now);
  void history_broken(const log_point& end);

  // What came of the last step.
  void finished(step_result result, time_point now);
  void judged(result<actors::testimony_result> verdict, time_point now);
  /// The worker ended without an answer; what it held is closed.
  void worker_lost(const std::string& why, time_point now);

  /// What is to be asked of the validator because the store is in doubt of its documents; only
  /// while it follows, since until then no comparison says anything.
  [[nodiscard]] doubt_watch::question next_question(time_point now);
  [[nodiscard]] doubt_watch& doubts() noexcept { return doubts_; }

  // The operator's verbs.
  [[nodiscard]] result<void> pause();
  [[nodiscard]] result<void> resume();
  /// confirmation_required while the breaker or a lost history waits for consent::confirmed.
  [[nodiscard]] result<void> rebuild(consent agreed);
  /// Applies what memory holds, syncs and closes; then stopped().
  void stop();

  [[nodiscard]] std::optional<step> next(time_point now);
  /// When next() has to be asked again though nothing has happened.
  [[nodiscard]] std::optional<time_point> wake_at(time_point now) const;

  [[nodiscard]] bool busy() const { return busy_since_.has_value(); }
  [[nodiscard]] bool hung() const { return hung_; }
  [[nodiscard]] bool stopped() const { return phase_ == phase::stopped; }
  [[nodiscard]] messages::component_state state() const;
  [[nodiscard]] messages::secondary_status status(timestamp now) const;
  /// The sequence after which the log is needed, also after a loss of power; absent: not known.
  [[nodiscard]] std::optional<sequence> needs_log_after() const { return synced_; }

 private:
  enum class phase : std::uint8_t {
    waiting,    ///< for the primary, or for the time of the next try
    judging,    ///< asks whether the store's point is of this history
    following,  ///< from memory or from the log
    rebuilding,
    confirming,  ///< writes nothing until an operator agrees
    stopped,
  };
  enum class health : std::uint8_t { starting, good, broken, foreign };

  void done(step_outcome outcome, time_point now);
  void moved_to(const step_outcome& outcome);
  void judge_anew(const log_point& end);
  void opened();
  void wrote();
  void settle();
  void recovered();
  void fail(error problem, time_point now);
  void source_failed(const error& problem, time_point now);
  void start_rebuild(consent agreed);
  void ask(std::string why);
  [[nodiscard]] std::optional<step> choose(time_point now);
  [[nodiscard]] std::optional<step> choose_stopping();
  [[nodiscard]] std::optional<step> choose_data(time_point now);
  /// When what memory holds for the store's point is to be applied; absent: nothing is held.
  [[nodiscard]] std::optional<time_point> apply_at() const;
  [[nodiscard]] bool at_end() const { return state_.point.at == lag_.end(); }
  [[nodiscard]] std::string reason() const;

  core_options options_;
  backoff backoff_;
  phase phase_ = phase::waiting;
  health health_ = health::starting;

  bool primary_open_ = false;
  bool store_open_ = false;
  bool must_close_ = false;
  bool paused_ = false;
  bool stopping_ = false;
  bool judge_again_ = false;        ///< the history changed while a judgement was under way
  bool not_where_thought_ = false;  ///< since the last apply that succeeded
  bool unsynced_ = false;
  std::optional<sequence> synced_;  ///< where the store stood at its last sync

  std::optional<time_point> busy_since_;
  bool judging_now_ = false;  ///< the step under way is not the worker's
  bool hung_ = false;
  time_point retry_at_{};         ///< of opening
  time_point source_retry_at_{};  ///< of reading or asking the primary
  time_point check_at_{};

  std::optional<consent> wanted_;  ///< a rebuild from the beginning that has not begun
  bool wanted_sent_ = false;
  consent agreed_ = consent::limited;  ///< to the rebuild under way
  bool lost_ = false;                  ///< confirming because of a lost history

  backends::secondary_state state_;
  live_window window_;
  log_lag lag_;
  doubt_watch doubts_;
  std::string last_error_;
  std::string waits_for_;  ///< why it is confirming, or why the primary cannot be read
};

}  // namespace keelson::replicator
