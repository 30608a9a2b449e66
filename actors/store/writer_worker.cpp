#include "actors/store/writer_worker.hpp"

#include <chrono>
#include <exception>
#include <utility>

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/sec.hpp>
#include <caf/stateful_actor.hpp>
#include <spdlog/spdlog.h>

#include "actors/store/count_refusals.hpp"
#include "protocols/model/log_text.hpp"

namespace keelson::store {

using namespace messages;

void writer_worker_state::begin(primary_options options, std::shared_ptr<write_inbox> inbox,
                                group_listener front, metrics::by_word<metrics::counter> refusals) {
  keeper_.emplace(std::move(options));
  inbox_ = std::move(inbox);
  front_ = std::move(front);
  refusals_ = std::move(refusals);
}

caf::strong_actor_ptr writer_worker_state::me() const {
  return caf::actor_cast<caf::strong_actor_ptr>(self_);
}

answer<open_report> writer_worker_state::open() {
  auto report = keeper_->open();
  auto refused = keeper_->take_refused();
  answer(refused);
  if (!report) return std::move(report).error();
  if (report->settled) answer(report->settled->answers);
  return *std::move(report);
}

bool writer_worker_state::commit() {
  const auto now = self_->clock().now().time_since_epoch();
  auto group =
      inbox_->take_group(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
  if (group.empty()) return false;
  quiet_ = false;
  hold(group);
  auto report = keeper_->commit(std::move(group));
  answer(report.answers);
  // A store that failed is closed at once: what waits is refused until it is open again.
  if (report.broken) keeper_->close();
  if (report.committed || report.broken) self_->send(front_, commit_atom::value, std::move(report));
  return true;
}

void writer_worker_state::hold(std::vector<parcel>& group) {
  for (auto& each : group) held_[each.id] = {std::move(each.reply), each.requests.size()};
}

void writer_worker_state::answer(std::vector<parcel_answers>& answers) {
  for (auto& one : answers) {
    const auto found = held_.extract(one.parcel);
    if (!found.empty()) answer(found.mapped(), std::move(one.receipts));
  }
  answers.clear();
}

void writer_worker_state::answer(held& whom, write_receipts receipts) {
  count_refusals(refusals_, receipts);
  whom.reply.answer(me(), std::move(receipts));
}

void writer_worker_state::give_up_all(const std::string& why) {
  const messages::answer<write_receipt> unknown(
      error{.code = errc::outcome_unknown, .detail = why});
  for (auto& [id, each] : std::exchange(held_, {})) {
    answer(each, write_receipts{{each.requests, unknown}});
  }
}

answer<primary_keeper::testimony_report> writer_worker_state::testify(const log_point& kept,
                                                                      const std::string& seen_by) {
  if (!keeper_->is_open()) {
    return error{.code = errc::unavailable, .detail = "the primary is not open"};
  }
  auto report = keeper_->testify(kept, seen_by);
  if (!keeper_->is_open()) tell_broken(report.error());
  return report;
}

void writer_worker_state::tell_broken(error why) {
  self_->send(front_, commit_atom::value, group_report{.broken = std::move(why)});
}

maintenance_report writer_worker_state::keep_house(const housekeeping& by) {
  auto given_up = keeper_->give_up(by.now);
  answer(given_up);
  if (!keeper_->is_open()) return {};
  held_after_ = by.held_after;
  maintenance_report report;
  if (auto done = keeper_->sync_mark(); !done) report.problem = std::move(done).error();
  if (auto done = look(); !done) report.problem = std::move(done).error();
  if (auto done = trim(); !done) report.problem = std::move(done).error();
  report.open = keeper_->is_open();
  if (report.open) {
    if (auto there = keeper_->check_place(); !there) report.lost_place = std::move(there).error();
  }
  if (report.open) report.oldest = keeper_->meta().oldest;
  return report;
}

result<void> writer_worker_state::look() {
  if (!std::exchange(quiet_, true)) return {};
  auto found = keeper_->look();
  if (!found) tell_broken(found.error());
  return found;
}

result<void> writer_worker_state::trim() {
  if (!keeper_->is_open()) return {};
  const auto more = keeper_->trim(held_after_);
  if (!keeper_->is_open()) tell_broken(more.error());
  if (!more) return std::unexpected(more.error());
  // A slice at a time, so that groups have their turn between them.
  if (*more) self_->send(self_, tick_atom::value);
  return {};
}

void writer_worker_state::stop() {
  while (commit()) continue;
  keeper_->close();
  give_up_all("the service is stopping");
}

writer_worker::behavior_type run_writer_worker(
    writer_worker::stateful_pointer<writer_worker_state> self, primary_options options,
    std::shared_ptr<write_inbox> inbox, group_listener front,
    metrics::by_word<metrics::counter> refusals) {
  auto& state = self->state;
  state.begin(std::move(options), std::move(inbox), std::move(front), std::move(refusals));
  self->set_exception_handler([&state](std::exception_ptr& thrown) -> caf::error {
    try {
      std::rethrow_exception(thrown);
    } catch (const std::exception& problem) {
      spdlog::error("component=primary event=worker_failed error={}", log_quoted(problem.what()));
    }
    state.give_up_all("the writer's worker died while it held the request");
    return caf::sec::runtime_error;
  });
  return {
      [&state](start_atom) { return state.open(); },
      [self, &state](commit_atom) {
        // One group a message, so that questions have their turn between groups.
        if (state.commit()) self->send(self, commit_atom::value);
      },
      [&state](witness_atom, const log_point& kept, const std::string& seen_by) {
        return state.testify(kept, seen_by);
      },
      [&state](tick_atom, const housekeeping& by) { return state.keep_house(by); },
      [&state](tick_atom) { std::ignore = state.trim(); },  // the next housekeeping tells of it
      [self, &state](stop_atom) -> stopped_atom {
        state.stop();
        self->quit();
        return stopped_atom::value;
      },
  };
}

}  // namespace keelson::store
