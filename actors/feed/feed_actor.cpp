#include "actors/feed/feed_actor.hpp"

#include <utility>

#include <caf/stateful_actor.hpp>
#include <spdlog/spdlog.h>

namespace keelson::feed {

using namespace messages;

namespace {

error unavailable(std::string why) {
  return {.code = errc::unavailable, .detail = std::move(why)};
}

error crowded() {
  return {.code = errc::overloaded, .detail = "too many subscribers read the log"};
}

/// A failure of the log as a subscriber may see it.
error as_seen(error failed) {
  const bool known = failed.code == errc::history_lost || failed.code == errc::overloaded;
  if (known) return failed;
  return unavailable("the log cannot be read: " + failed.detail);
}

}  // namespace

void feed_state::begin(std::shared_ptr<feed_ring> ring, log_reader log, feed_options options) {
  ring_ = std::move(ring);
  log_ = std::move(log);
  options_ = options;
}

void feed_state::opened(const actors::opened_store& store) {
  if (store.name != actors::primary_name) return;
  open_ = true;
  const auto& end = store.end.at;
  const position oldest{end.epoch, std::max(store.oldest, store.base)};
  if (ring_->end() == end) {
    ring_->set_oldest(oldest);
    return;
  }
  ring_->restart(end, oldest);
  spdlog::info("component=feed state=live position={} oldest={}", end.text(), oldest.text());
}

void feed_state::closed(const std::string& store) {
  if (store == actors::primary_name) open_ = false;
}

void feed_state::committed(const actors::group_ref& group) {
  if (group->records.empty()) return;
  ring_->append(wire::change_block::encode(*group));
}

void feed_state::trimmed(sequence to) {
  const auto known = ring_->oldest();
  ring_->set_oldest({known.epoch, std::max(known.at, to)});
}

void feed_state::replaced(const actors::history_break& into) {
  spdlog::warn("component=feed state=history_replaced position={}", into.end.at.text());
  ring_->restart(into.end.at, into.end.at);
}

error feed_state::history_lost() const {
  return {.code = errc::history_lost,
          .detail = "the position is not in the log",
          .oldest = ring_->oldest().text()};
}

caf::result<answer<resolved>> feed_state::resolve(const since& wanted) {
  if (!open_) return answer<resolved>(unavailable("the primary is not open"));
  const auto end = ring_->end();
  if (wanted.what == since_kind::now) {
    return answer<resolved>(resolved{end, end, ring_->oldest()});
  }
  const auto from = wanted.what == since_kind::start ? position{end.epoch, {}} : wanted.at;
  const bool retained = ring_->oldest().at <= from.at;  // the ring may reach back further
  if (from.epoch == end.epoch && retained && ring_->covers(from)) {
    return answer<resolved>(resolved{from, end, ring_->oldest()});
  }
  auto promise = self_->make_response_promise<resolve_promise>();
  look_up(from, promise);
  return promise;
}

/// What is retained, and where the log ends, is asked of the log itself: it may have been trimmed,
/// and a client may know of a commit before the feed does.
void feed_state::look_up(const position& wanted, resolve_promise promise) {
  const auto id = ++last_id_;
  resolves_.emplace(id, waiting_resolve{std::move(promise), wanted});
  const auto settle_resolve = [this, id](answer<log_reply> log) {
    const auto found = resolves_.find(id);
    if (found == resolves_.end()) return;
    auto [promise_kept, position_wanted] = std::move(found->second);
    resolves_.erase(found);
    promise_kept.deliver(judge(position_wanted, std::move(log)));
  };
  self_
      ->request(log_, options_.log_timeout, log_atom::value,
                log_request{.from = {.at = ring_->end()}, .max_records = 1})
      .then([settle_resolve](answer<log_reply>& log) { settle_resolve(std::move(log)); },
            [settle_resolve](const caf::error&) {
              settle_resolve(unavailable("the log's reader is gone or too slow"));
            });
}

answer<resolved> feed_state::judge(const position& wanted, answer<log_reply> log) {
  if (!log) {
    // The log was asked at an end it had: that it is not there means the history is changing.
    if (log.problem.code != errc::history_lost) return as_seen(std::move(log.problem));
    return unavailable("the history of the log is changing");
  }
  const auto oldest = oldest_position(log.value);
  if (oldest.epoch == ring_->end().epoch) ring_->set_oldest(oldest);
  const auto end = std::max(log.value.end.at.at, log.value.group.to.at.at);
  if (wanted.epoch != oldest.epoch || wanted.at < oldest.at || wanted.at > end) {
    return error{.code = errc::history_lost,
                 .detail = "the position is not in the log",
                 .oldest = oldest.text()};
  }
  return resolved{wanted, {oldest.epoch, end}, oldest};
}

caf::result<answer<replay_slice>> feed_state::replay(replay_request& wanted) {
  if (!open_) return answer<replay_slice>(unavailable("the primary is not open"));
  if (wanted.from.epoch != ring_->end().epoch) return answer<replay_slice>(history_lost());
  if (queued_.size() >= options_.replays_queued) {
    return answer<replay_slice>(crowded());
  }
  auto promise = self_->make_response_promise<replay_promise>();
  queued_.push_back(
      {promise, replay_run(std::move(wanted)), self_->clock().now() + options_.queue_time});
  start_replays();
  return promise;
}

void feed_state::start_replays() {
  while (running_.size() < options_.replays && !queued_.empty()) {
    auto next = std::move(queued_.front());
    queued_.pop_front();
    const auto now = self_->clock().now();
    if (next.until < now) {
      next.promise.deliver(answer<replay_slice>(crowded()));
      continue;
    }
    next.until = now + options_.replay_time;
    const auto id = ++last_id_;
    running_.emplace(id, std::move(next));
    read_on(id);
  }
}

void feed_state::read_on(std::uint64_t id) {
  self_->request(log_, options_.log_timeout, log_atom::value, running_.at(id).run.next())
      .then([this, id](answer<log_reply>& piece) { took(id, piece); },
            [this, id](const caf::error&) {
              settle(id, unavailable("the log's reader is gone or too slow"));
            });
}

void feed_state::took(std::uint64_t id, answer<log_reply>& piece) {
  const auto found = running_.find(id);
  if (found == running_.end()) return;
  if (!piece) {
    // The reader says wrong_position of a position that is in no history it knows.
    const bool lost = piece.problem.code == errc::wrong_position ||
                      (piece.problem.code == errc::history_lost && piece.problem.oldest.empty());
    settle(id, lost ? history_lost() : as_seen(std::move(piece.problem)));
    return;
  }
  const auto progress = found->second.run.take(piece.value);
  if (!progress) {
    settle(id, as_seen(progress.error()));
    return;
  }
  if (*progress == replay_run::progress::more && self_->clock().now() < found->second.until) {
    read_on(id);
    return;
  }
  settle(id, std::move(found->second.run).finish());
}

void feed_state::settle(std::uint64_t id, answer<replay_slice> with) {
  auto settled = running_.extract(id);
  if (settled.empty()) return;
  settled.mapped().promise.deliver(std::move(with));
  start_replays();
}

feed_status feed_state::status() const {
  auto& counts = ring_->subscribers();
  return {.live = static_cast<std::uint64_t>(std::max<std::int64_t>(0, counts.live)),
          .catching_up = static_cast<std::uint64_t>(std::max<std::int64_t>(0, counts.catching_up)),
          .ring_bytes = ring_->memory(),
          .ring_changes = ring_->changes()};
}

caf::result<stopped_atom> feed_state::stop() {
  const auto why = unavailable("the service stops");
  for (auto& [id, waiting] : resolves_) waiting.promise.deliver(answer<resolved>(why));
  for (auto& [id, job] : running_) job.promise.deliver(answer<replay_slice>(why));
  for (auto& job : queued_) job.promise.deliver(answer<replay_slice>(why));
  resolves_.clear();
  running_.clear();
  queued_.clear();
  self_->quit();
  return stopped_atom::value;
}

feed_actor::behavior_type run_feed(feed_actor::stateful_pointer<feed_state> self,
                                   std::shared_ptr<feed_ring> ring, log_reader log,
                                   feed_options options) {
  auto& state = self->state;
  state.begin(std::move(ring), std::move(log), options);
  return {
      [&state](resolve_atom, const since& wanted) { return state.resolve(wanted); },
      [&state](replay_atom, replay_request& wanted) { return state.replay(wanted); },
      [&state](status_atom) { return state.status(); },
      [&state](opened_atom, const actors::opened_store& store) { state.opened(store); },
      [&state](closed_atom, const std::string& store) { state.closed(store); },
      [&state](commit_atom, const actors::group_ref& group) { state.committed(group); },
      [&state](trimmed_atom, sequence to) { state.trimmed(to); },
      [&state](replace_atom, const actors::history_break& into) { state.replaced(into); },
      [&state](stop_atom) { return state.stop(); },
  };
}

}  // namespace keelson::feed
