#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include <caf/actor_system.hpp>
#include <spdlog/spdlog.h>

#include "actors/patterns.hpp"
#include "actors/validator/validator_front.hpp"
#include "protocols/model/log_text.hpp"

// The comparisons of single documents: of those that were read, within the budget, and of those
// that somebody waits for.
namespace keelson::validator {

using namespace messages;

void validator_state::check(const check_batch& batch) {
  if (stopped_) return;
  std::uint64_t let_go = 0;
  const auto arrived = now();
  for (const auto& id : batch.ids) {
    bool taken = true;
    bool wanted = false;
    for (auto& lane : lanes_) {
      if (lane.secondary.reads == read_checks::off ||
          !actors::matches_any(lane.secondary.collections, id.collection.text())) {
        continue;
      }
      if (!wanted) taken = budget_->take(arrived);
      wanted = true;
      taken = taken && lane.queue.add({.id = id});
    }
    if (!taken) ++let_go;
  }
  if (let_go > 0) {
    let_go_ += let_go;
    metrics_->checks_let_go.add(let_go);
  }
  for (auto& lane : lanes_) pump(lane);
}

caf::result<comparisons> validator_state::compare(const request_context& context,
                                                  const document_id& id) {
  const auto ticket = next_ticket_++;
  waiter next;
  for (auto& lane : lanes_) {
    if (!actors::matches_any(lane.secondary.collections, id.collection.text())) continue;
    next.so_far.entries.push_back({.secondary = lane.secondary.name});
    if (!stopped_ && lane.queue.add({.id = id, .ticket = ticket})) ++next.missing;
  }
  if (next.missing == 0) return std::move(next.so_far);
  next.promise = self_->make_response_promise<comparisons>();
  auto promise = next.promise;
  waiters_.emplace(ticket, std::move(next));
  self_->delayed_send(self_, std::chrono::milliseconds(context.timeout_milliseconds),
                      tick_atom::value, ticket);
  for (auto& lane : lanes_) pump(lane);
  return promise;
}

void validator_state::compare_expired(std::uint64_t ticket) {
  const auto found = waiters_.find(ticket);
  if (found == waiters_.end()) return;
  found->second.promise.deliver(std::move(found->second.so_far));
  waiters_.erase(found);
}

void validator_state::answer(std::uint64_t ticket, const std::string& secondary,
                             comparison outcome) {
  const auto found = waiters_.find(ticket);
  if (found == waiters_.end()) return;
  auto& entries = found->second.so_far.entries;
  std::ranges::find(entries, secondary, &secondary_comparison::secondary)->outcome = outcome;
  if (--found->second.missing == 0) compare_expired(ticket);
}

void validator_state::pump(lane& at) {
  if (!at.checker.actor) return;
  const auto job = at.queue.begin(options_->limits.documents_a_look);
  if (job.empty()) return;
  check_job ids;
  std::ranges::transform(job, std::back_inserter(ids.ids), &queued_check::id);
  const auto began = ++ordinal_;
  // No time-out: a store that hangs keeps its own lane waiting, and who waits has a deadline.
  self_->request(at.checker.actor, caf::infinite, check_atom::value, std::move(ids))
      .then(
          [this, &at, job, began](const compared_documents& compared) {
            checked(at, job, began, compared.judgements);
          },
          [this, &at, job, began](const caf::error&) {
            std::vector<judgement> unknown;
            unknown.reserve(job.size());
            for (const auto& check : job) {
              unknown.push_back(unknown_judgement(check.id, "the validator's worker died"));
            }
            checked(at, job, began, unknown);
          });
}

void validator_state::checked(lane& at, const std::vector<queued_check>& job, ordinal began,
                              const std::vector<judgement>& judgements) {
  at.queue.end();
  const auto arrived = ++ordinal_;
  checks_ += job.size();
  for (std::size_t i = 0; i < job.size(); ++i) {
    record(at, judgements[i], began, arrived);
    if (job[i].ticket) answer(*job[i].ticket, at.secondary.name, judgements[i].outcome);
  }
  show_gauges(at);
  if (!stopped_) pump(at);
}

void validator_state::record(lane& of, const judgement& judged, ordinal began, ordinal arrived) {
  const auto& secondary = of.secondary.name;
  of.metrics.comparisons[judged.outcome].add();
  if (!ledger_->take(secondary, judged, began, arrived, clock_())) return;
  of.metrics.inconsistencies[judged.kind].add();
  if (!log_budget_->take(now())) {
    ++unlogged_;
    return;
  }
  spdlog::warn(
      "component=validator event=difference_opened secondary={} kind={} collection={} key={} "
      "primary_version={} secondary_version={}",
      secondary, to_string(judged.kind), judged.id.collection.text(),
      log_quoted(judged.id.key.text()), judged.primary_version.value,
      judged.secondary_version.value);
}

}  // namespace keelson::validator
