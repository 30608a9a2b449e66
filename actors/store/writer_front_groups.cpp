#include <algorithm>
#include <limits>
#include <utility>

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>

#include "actors/store/writer_front.hpp"

// The writing half of the front: parcels, groups, answers and their figures.

namespace keelson::store {

using namespace messages;

caf::result<write_receipts> writer_front_state::write(write_batch& batch) {
  const auto refusal = [&](const error& problem) {
    metrics_->refusals.at(to_string(problem.code)).add(batch.requests.size());
    return write_receipts{{batch.requests.size(), answer<write_receipt>(problem)}};
  };
  if (batch.requests.empty()) return write_receipts{};
  if (stopping_) return refusal({.code = errc::unavailable, .detail = "the service is stopping"});
  if (state_ != component_state::serving) return refusal(unavailable());
  parcel next{.id = next_parcel_++, .deadline = std::numeric_limits<std::int64_t>::max()};
  const auto now = now_milliseconds();
  for (const auto& request : batch.requests) {
    next.deadline = std::min(next.deadline, now + request.context.timeout_milliseconds);
    next.bytes += weight(request);
  }
  next.requests = std::move(batch.requests);
  const auto id = next.id;
  const auto requests = next.requests.size();
  if (!queue_.push(next)) {
    batch.requests = std::move(next.requests);
    return refusal({.code = errc::overloaded,
                    .detail = "the writer's queue is full: " + std::to_string(queue_.commits()) +
                              " commits wait"});
  }
  auto promise = self_->make_response_promise<write_receipts>();
  promises_.emplace(id, waiting{promise, requests});
  pump();
  return promise;
}

void writer_front_state::pump() {
  if (busy_ || state_ != component_state::serving) return;
  if (queue_.empty()) {
    if (stopping_) finish_stop();
    return;
  }
  busy_ = true;
  busy_since_ = now_milliseconds();
  self_->request(worker_, caf::infinite, write_atom::value, write_group{queue_.take_group()})
      .then(
          [this](group_report& report) {
            busy_ = false;
            settled(report);
            if (report.broken) {
              broken(*report.broken);
              if (stopping_) finish_stop();
            } else {
              pump();
            }
          },
          // The worker died: worker_down() answers what it held.
          [](const caf::error&) {});
}

void writer_front_state::settled(group_report& report) {
  if (report.committed) {
    count(report);
    meta_ = std::move(report.meta);
    show_meta();
    for (const auto& follower : followers) {
      self_->send(follower, commit_atom::value, report.committed);
    }
  }
  deliver(std::move(report.answers));
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

void writer_front_state::show_meta() {
  metrics_->queue_commits.set(static_cast<double>(queue_.commits()));
  metrics_->queue_bytes.set(static_cast<double>(queue_.bytes()));
  metrics_->last_sequence.set(static_cast<double>(meta_.last.value));
  metrics_->oldest_sequence.set(static_cast<double>(meta_.oldest.value));
  metrics_->log_bytes.set(static_cast<double>(meta_.log_bytes));
  metrics_->documents.set(static_cast<double>(meta_.documents));
  metrics_->document_bytes.set(static_cast<double>(meta_.bytes));
}

void writer_front_state::deliver(std::vector<parcel_answers> answers) {
  for (auto& one : answers) {
    const auto found = promises_.find(one.parcel);
    if (found == promises_.end()) continue;  // its deadline passed before the group was settled
    found->second.answer.deliver(std::move(one.receipts));
    promises_.erase(found);
  }
}

void writer_front_state::refuse(const std::vector<parcel>& parcels, const error& problem) {
  for (const auto& p : parcels) {
    const auto found = promises_.find(p.id);
    if (found == promises_.end()) continue;
    found->second.answer.deliver(
        write_receipts{{p.requests.size(), messages::answer<write_receipt>(problem)}});
    promises_.erase(found);
  }
}

void writer_front_state::fail_everything(const error& queued, const error& in_flight) {
  refuse(queue_.take_all(), queued);
  for (auto& [id, waiting] : promises_) {
    waiting.answer.deliver(
        write_receipts{{waiting.requests, messages::answer<write_receipt>(in_flight)}});
  }
  promises_.clear();
}

}  // namespace keelson::store
