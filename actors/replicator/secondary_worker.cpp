#include "actors/replicator/secondary_worker.hpp"

#include <utility>
#include <variant>

#include "actors/replicator/log_tail.hpp"
#include "actors/replicator/row_batch.hpp"

namespace keelson::replicator {

using backends::store_point;

namespace {

template <class... Handlers>
struct overloaded : Handlers... {
  using Handlers::operator()...;
};

template <class... Handlers>
overloaded(Handlers...) -> overloaded<Handlers...>;

/// What the log says of the changes after a point, for the lag; nothing if it cannot be read.
void look_ahead(actors::primary_link& primary, step_outcome& outcome) {
  const auto after = outcome.state.point.at.at.at;
  const auto slice = primary.use(
      [after](backends::primary_reader& reader) { return reader.read_log(after, 1, 1); });
  if (!slice) return;
  outcome.log_end = slice->meta.end();
  if (!slice->records.empty()) outcome.pending_since = slice->records.front().time;
}

}  // namespace

step_result secondary_worker::run(const step& next) {
  const auto closed = [] {
    return std::unexpected(
        step_failure{.problem = {.code = errc::internal, .detail = "the store is not open"}});
  };
  if (std::holds_alternative<open_step>(next)) {
    auto opened = open();
    if (!opened) close();
    return opened;
  }
  if (std::holds_alternative<close_step>(next)) {
    close();
    return step_outcome{};
  }
  if (!session_) return closed();
  return std::visit(overloaded{[&](const follow_step&) { return follow(); },
                               [&](const groups_step& groups) { return take(groups); },
                               [&](const rebuild_step& piece) { return rebuild(piece); },
                               [&](const check_step&) { return check(); },
                               [&](const trust_step&) { return trust(); },
                               [&](const auto&) -> step_result { return closed(); }},
                    next);
}

result<std::shared_ptr<backends::store>> secondary_worker::open_store() {
  const auto meta = primary_->use([](backends::primary_reader& reader) { return reader.meta(); });
  if (!meta) return std::unexpected(meta.error());
  const auto found = options_.engine->inspect(options_.location);
  if (!found) return std::unexpected(found.error());
  if (found->what == backends::place::kind::foreign &&
      options_.foreign == backends::foreign_policy::refuse) {
    return fail(errc::store_foreign, "what lies there is not ours: " + found->reason +
                                         "; nothing was written. Take it over with --adopt " +
                                         options_.name);
  }
  const backends::ownership owner{meta->log_id, backends::store_role::secondary, options_.name};
  auto opened = options_.engine->open(options_.location, owner, options_.foreign, {});
  // Adopting is for what was found at the start, not for whatever lies there later.
  if (opened) options_.foreign = backends::foreign_policy::refuse;
  return opened;
}

step_result secondary_worker::open() {
  close();
  auto opened = open_store();
  if (!opened) return failed_on(step_side::secondary, std::move(opened));
  store_ = options_.decorate ? options_.decorate(*std::move(opened)) : *std::move(opened);
  auto session = store_->open_secondary();
  if (!session) return failed_on(step_side::secondary, std::move(session));
  auto reader = store_->open_reader();
  if (!reader) return failed_on(step_side::secondary, std::move(reader));
  auto state = (*session)->state();
  if (!state) return failed_on(step_side::secondary, std::move(state));
  auto doubt = (*session)->doubt();
  if (!doubt) return failed_on(step_side::secondary, std::move(doubt));
  session_ = *std::move(session);
  reader_ = *std::move(reader);
  state_ = *std::move(state);
  watch_ = actors::place_watch(options_.location);
  step_outcome outcome{.state = state_, .doubt = *std::move(doubt), .opened = store_};
  look_ahead(*primary_, outcome);
  return outcome;
}

step_result secondary_worker::follow() {
  auto tail = primary_->use([&](backends::primary_reader& reader) {
    return read_tail(reader, state_.point.at, options_.batch);
  });
  if (!tail) {
    const bool other_history = tail.error().code == errc::history_lost;
    return failed_on(other_history ? step_side::secondary : step_side::primary, std::move(tail));
  }
  if (tail->trimmed) return step_outcome{.verdict = step_verdict::trimmed, .state = state_};
  row_batch rows({.collections = options_.collections});
  rows.add(tail->records);
  store_point next{store_point::phase::applied, tail->end, {}};
  auto outcome = next == state_.point
                     ? step_result(step_outcome{.state = state_})
                     : apply(target(), {std::move(next), rows.moved(state_.counts)}, rows.rows());
  if (outcome) {
    outcome->log_end = tail->meta.end();
    if (!tail->at_end()) outcome->pending_since = tail->records.back().time;
  }
  return outcome;
}

step_result secondary_worker::take(const groups_step& step) {
  row_batch rows({.collections = options_.collections});
  log_point end = state_.point.at;
  for (const auto& group : step.groups) {
    if (group->from != end) return reread();
    rows.add(group->records);
    end = group->to;
  }
  store_point next{store_point::phase::applied, end, {}};
  auto outcome = apply(target(), {std::move(next), rows.moved(state_.counts)}, rows.rows());
  if (outcome) outcome->pending_since = step.groups.back()->records.back().time;
  return outcome;
}

step_result secondary_worker::rebuild(const rebuild_step& step) {
  if (!rebuild_ || step.start == rebuild_start::anew) rebuild_.emplace(options_, step.start);
  auto outcome = rebuild_->advance(*primary_, target(), step.agreed);
  if (!outcome ||
      (outcome->verdict != step_verdict::done && outcome->verdict != step_verdict::asks)) {
    rebuild_.reset();
  }
  return outcome;
}

step_result secondary_worker::check() {
  if (auto there = watch_.check(); !there) return failed_on(step_side::secondary, std::move(there));
  if (unsynced_) {
    auto synced = session_->sync();
    if (!synced) return failed_on(step_side::secondary, std::move(synced));
    unsynced_ = false;
  } else {
    // Nothing was written: a store that is away, or stands elsewhere, shows by being asked.
    auto present = session_->state();
    if (!present) return failed_on(step_side::secondary, std::move(present));
    if (present->point != state_.point) {
      state_ = *std::move(present);
      return step_outcome{.verdict = step_verdict::moved, .state = state_};
    }
  }
  auto doubt = session_->doubt();
  if (!doubt) return failed_on(step_side::secondary, std::move(doubt));
  return step_outcome{.state = state_, .doubt = *std::move(doubt)};
}

step_result secondary_worker::trust() {
  auto done = session_->trust();
  if (!done) return failed_on(step_side::secondary, std::move(done));
  return step_outcome{.verdict = step_verdict::trusted, .state = state_};
}

step_result secondary_worker::reread() {
  auto state = session_->state();
  if (!state) return failed_on(step_side::secondary, std::move(state));
  state_ = *std::move(state);
  return step_outcome{.verdict = step_verdict::moved, .state = state_};
}

void secondary_worker::close() {
  rebuild_.reset();
  reader_.reset();
  session_.reset();
  store_.reset();
  unsynced_ = false;
}

}  // namespace keelson::replicator
