#include <algorithm>
#include <limits>
#include <utility>

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>

#include "actors/store/count_refusals.hpp"
#include "actors/store/writer_front.hpp"

// The writing half of the front: parcels, groups, answers and their figures.

namespace keelson::store {

using namespace messages;

caf::result<write_receipts> writer_front_state::write(write_batch& batch) {
  const std::size_t count = batch.requests.size();
  const auto refusal = [&](const error& problem) {
    write_receipts refused{{count, answer<write_receipt>(problem)}};
    count_refusals(metrics_->refusals, refused);
    return refused;
  };
  if (count == 0) return write_receipts{};
  if (stopping_) return refusal({.code = errc::unavailable, .detail = "the service is stopping"});
  if (state_ != component_state::serving) return refusal(unavailable());
  parcel next{.id = next_parcel_++, .deadline = std::numeric_limits<std::int64_t>::max()};
  const auto now = now_milliseconds();
  for (const auto& request : batch.requests) {
    next.deadline = std::min(next.deadline, now + request.context.timeout_milliseconds);
    next.bytes += weight(request);
  }
  next.requests = std::move(batch.requests);
  auto promise = self_->make_response_promise<write_receipts>();
  next.reply = reply_address(promise);
  switch (inbox_->push(next)) {
    case write_inbox::pushed::full:
      next.reply.answer(
          me(), refusal({.code = errc::overloaded,
                         .detail = "the writer's queue is full: " +
                                   std::to_string(inbox_->look().commits) + " commits wait"}));
      break;
    case write_inbox::pushed::first:
      self_->send(worker_, commit_atom::value);
      break;
    case write_inbox::pushed::queued:
      break;
  }
  return promise;
}

void writer_front_state::settled(group_report& report) {
  committed(report);
  const bool was_open = state_ == component_state::serving || state_ == component_state::hung;
  if (report.broken && was_open && !opening_since_) broken(*report.broken);
}

void writer_front_state::committed(group_report& report) {
  if (!report.committed) return;
  count(report);
  trimmed(report.meta.oldest);
  meta_ = std::move(report.meta);
  show_meta();
  for (const auto& follower : followers) {
    self_->send(follower, commit_atom::value, report.committed);
  }
}

/// The log holds what follows `to`; nothing happens when that is known.
void writer_front_state::trimmed(sequence to) {
  if (std::exchange(meta_.oldest, to) == to) return;
  for (const auto& follower : followers) self_->send(follower, trimmed_atom::value, to);
}

void writer_front_state::count(const group_report& report) {
  metrics_->commits.add(report.commits);
  metrics_->group_commits.observe(static_cast<double>(report.commits));
  metrics_->sync_latency.observe(report.commit_seconds);
  const auto& records = report.committed->records;
  for (std::size_t first = 0, next = 0; first < records.size(); first = next) {
    const auto& collection = records[first].id.collection;
    while (next < records.size() && records[next].id.collection == collection) ++next;
    metrics_->changes.of(collection.text()).add(next - first);
  }
}

void writer_front_state::show_queue() {
  const auto waiting = inbox_->look();
  metrics_->queue_commits.set(static_cast<double>(waiting.commits));
  metrics_->queue_bytes.set(static_cast<double>(waiting.bytes));
}

void writer_front_state::show_meta() {
  show_queue();
  metrics_->last_sequence.set(static_cast<double>(meta_.last.value));
  metrics_->oldest_sequence.set(static_cast<double>(meta_.oldest.value));
  metrics_->log_bytes.set(static_cast<double>(meta_.log_bytes));
  metrics_->documents.set(static_cast<double>(meta_.documents));
  metrics_->document_bytes.set(static_cast<double>(meta_.bytes));
}

void writer_front_state::refuse(std::vector<parcel> parcels, const error& problem) {
  for (auto& each : parcels) {
    write_receipts refused{{each.requests.size(), messages::answer<write_receipt>(problem)}};
    count_refusals(metrics_->refusals, refused);
    each.reply.answer(me(), std::move(refused));
  }
}

caf::strong_actor_ptr writer_front_state::me() const {
  return caf::actor_cast<caf::strong_actor_ptr>(self_);
}

}  // namespace keelson::store
