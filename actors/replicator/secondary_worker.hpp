#pragma once

#include <memory>
#include <optional>

#include "actors/place_watch.hpp"
#include "actors/primary_link.hpp"
#include "actors/replicator/apply.hpp"
#include "actors/replicator/options.hpp"
#include "actors/replicator/rebuild_run.hpp"
#include "actors/replicator/steps.hpp"

namespace keelson::replicator {

/// Owns the secondary's store and does the core's steps on it, one at a time; blocks. It reads the
/// log and the documents to copy with a session of its own, so that a primary or a secondary that
/// hangs holds up this one replicator and nothing else.
class secondary_worker {
 public:
  secondary_worker(worker_options options, std::shared_ptr<actors::primary_link> primary)
      : options_(std::move(options)), primary_(std::move(primary)) {}

  /// Any step but judge_step. Every step but open_step and close_step needs an open store.
  [[nodiscard]] step_result run(const step& next);

 private:
  [[nodiscard]] step_result open();
  [[nodiscard]] result<std::shared_ptr<backends::store>> open_store();
  [[nodiscard]] step_result follow();
  [[nodiscard]] step_result take(const groups_step& step);
  [[nodiscard]] step_result rebuild(const rebuild_step& step);
  [[nodiscard]] step_result check();
  [[nodiscard]] step_result trust();
  void close();
  [[nodiscard]] apply_target target() { return {*session_, *reader_, state_, unsynced_}; }
  [[nodiscard]] step_result reread();

  worker_options options_;
  std::shared_ptr<actors::primary_link> primary_;
  std::shared_ptr<backends::store> store_;
  std::unique_ptr<backends::secondary_session> session_;
  std::unique_ptr<backends::store_reader> reader_;
  backends::secondary_state state_;
  bool unsynced_ = false;
  actors::place_watch watch_;
  std::optional<rebuild_run> rebuild_;
};

}  // namespace keelson::replicator
