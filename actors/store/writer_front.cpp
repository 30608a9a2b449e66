#include "actors/store/writer_front.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <spdlog/spdlog.h>

#include "protocols/model/log_text.hpp"

namespace keelson::store {

using namespace messages;

namespace {

constexpr std::chrono::milliseconds tick_interval{200};
constexpr std::int64_t housekeeping_milliseconds = 1000;
constexpr std::int64_t hung_after_milliseconds = 10'000;

/// Problems that stay until a person does something.
bool needs_a_person(errc code) {
  return code == errc::store_foreign || code == errc::store_mismatch ||
         code == errc::not_supported || code == errc::invalid_parameter;
}

std::vector<std::string> names_of(const backends::capabilities& able) {
  std::vector<std::string> names;
  for (const auto& [has, name] : {std::pair{able.durable, "durable"},
                                  {able.transactional, "transactional"},
                                  {able.snapshots, "snapshots"},
                                  {able.ordered_scan, "ordered_scan"}}) {
    if (has) names.emplace_back(name);
  }
  return names;
}

}  // namespace

void writer_front_state::begin(primary_options options, actors::worker_thread thread) {
  backoff_ = backoff(options.reopen, options.random());
  metrics_.emplace(*options.metrics, words_of(primary_states));
  for (const auto& name : options.holders) held_after_[name] = {};
  options_ = std::move(options);
  thread_ = thread;
}

std::int64_t writer_front_state::now_milliseconds() const {
  const auto now = self_->clock().now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

error writer_front_state::unavailable() const {
  return {.code = errc::unavailable,
          .detail = "the primary is " + std::string(to_string(state_)) +
                    (reason_.empty() ? "" : ": " + reason_)};
}

void writer_front_state::enter(component_state state, std::string reason) {
  if (state == state_ && reason == reason_) return;
  spdlog::info("component=primary state={} reason={}", to_string(state), log_quoted(reason));
  state_ = state;
  reason_ = std::move(reason);
  metrics_->show(to_string(state));
}

caf::result<answer<log_point>> writer_front_state::start() {
  if (starting_ || state_ != component_state::starting) {
    return answer<log_point>(
        error{.code = errc::busy, .detail = "the primary was started already"});
  }
  starting_ = self_->make_response_promise<answer<log_point>>();
  spawn();
  open();
  self_->delayed_send(self_, tick_interval, tick_atom::value, generation_);
  return *starting_;
}

void writer_front_state::spawn() {
  inbox_ = std::make_shared<write_inbox>(options_->queue);
  worker_ = actors::spawn_worker(self_, thread_, run_writer_worker, *options_, inbox_,
                                 group_listener(self_), metrics_->refusals);
}

void writer_front_state::open() {
  opening_since_ = now_milliseconds();
  // No time-out: an embedded store gets no second opener until the call returns; tick() says when
  // it hangs, and the down handler when the worker is gone.
  self_->request(worker_, caf::infinite, start_atom::value)
      .then(
          [this](answer<open_report>& report) {
            opening_since_.reset();
            if (report) {
              opened(std::move(report.value));
            } else {
              open_failed(report.problem);
            }
          },
          [this](const caf::error&) {
            opening_since_.reset();
            open_failed({.code = errc::store_io, .detail = "the writer's worker died"});
          });
}

void writer_front_state::opened(open_report report) {
  backoff_.reset();
  if (report.settled) committed(*report.settled);
  meta_ = std::move(report.meta);
  show_meta();
  if (report.replaced) announce_break(*std::move(report.replaced));
  enter(component_state::serving, "");
  // Readers first: who follows the log may ask them as soon as it hears of the opening.
  for (const auto& user : users) self_->send(user, opened_atom::value, report.opened);
  for (const auto& follower : followers) {
    self_->send(follower, opened_atom::value, report.opened);
  }
  if (starting_) std::exchange(starting_, std::nullopt)->deliver(answer<log_point>(meta_.end()));
  if (stopping_) finish_stop();
}

void writer_front_state::open_failed(const error& problem) {
  enter(needs_a_person(problem.code) ? component_state::foreign : component_state::broken,
        problem.detail);
  reopen_at_ = now_milliseconds() + backoff_.next().count();
  if (starting_) {
    std::exchange(starting_, std::nullopt)->deliver(answer<log_point>(problem));
  }
  if (stopping_) finish_stop();
}

void writer_front_state::broken(const error& problem) {
  enter(component_state::broken, problem.detail);
  tell_closed();
  reopen_at_ = now_milliseconds() + backoff_.next().count();
  refuse(inbox_->take_all(), unavailable());
}

void writer_front_state::tell_closed() {
  const std::string name(actors::primary_name);
  for (const auto& follower : followers) self_->send(follower, closed_atom::value, name);
  for (const auto& user : users) self_->send(user, closed_atom::value, name);
}

void writer_front_state::announce_break(history_replaced why) {
  spdlog::error("component=primary event=history_replaced known={} found={} seen_by={} now={}",
                why.known.at.text(), why.found.at.text(), why.seen_by, meta_.end().at.text());
  metrics_->history_replaced.add();
  replaced_ = why;
  const actors::history_break news{meta_.end(), std::move(why)};
  for (const auto& follower : followers) self_->send(follower, replace_atom::value, news);
}

void writer_front_state::tick(std::uint64_t generation) {
  if (generation != generation_) return;
  const auto now = now_milliseconds();
  refuse(inbox_->take_expired(now),
         {.code = errc::overloaded,
          .detail = "the request waited for the writer until its deadline; nothing was done"});
  show_queue();
  auto since = opening_since_ ? opening_since_ : inbox_->look().busy_since;
  if (house_since_) since = std::min(since.value_or(*house_since_), *house_since_);
  if (since && now - *since > hung_after_milliseconds) {
    enter(component_state::hung, "a call of the store has not returned for 10 s");
  } else if (state_ == component_state::hung && !since) {
    enter(component_state::serving, "");
  }
  // What a person has to put right may be put right without a restart of the service.
  const bool closed =
      state_ == component_state::broken || (state_ == component_state::foreign && !place_lost_);
  if (closed && !opening_since_ && now >= reopen_at_ && !stopping_) open();
  if (now >= next_housekeeping_ && !house_since_ && !opening_since_) {
    next_housekeeping_ = now + housekeeping_milliseconds;
    housekeeping();
  }
  self_->delayed_send(self_, tick_interval, tick_atom::value, generation_);
}

void writer_front_state::housekeeping() {
  house_since_ = now_milliseconds();
  store::housekeeping by{.now = now_milliseconds()};
  for (const auto& [name, after] : held_after_) {
    by.held_after = std::min(by.held_after.value_or(after), after);
  }
  self_->request(worker_, caf::infinite, tick_atom::value, by)
      .then(
          [this](maintenance_report& report) {
            house_since_.reset();
            if (report.open) trimmed(report.oldest);
            place_checked(report);
            if (report.problem && state_ == component_state::serving) {
              spdlog::warn("component=primary event=maintenance_failed reason={}",
                           log_quoted(report.problem->detail));
            }
          },
          [this](const caf::error&) { house_since_.reset(); });
}

/// A store whose files were taken away waits for a person; it is not opened anew, which would lose
/// what only the open files still hold.
void writer_front_state::place_checked(const maintenance_report& report) {
  if (report.lost_place) {
    place_lost_ = true;
    enter(component_state::foreign, report.lost_place->detail);
  } else if (place_lost_) {
    place_lost_ = false;
    if (state_ == component_state::foreign) enter(component_state::serving, "");
  }
}

void writer_front_state::worker_down(const caf::down_msg& down) {
  if (down.source != worker_.address()) return;
  if (stopping_) {
    finish_stop();
    return;
  }
  spdlog::error("component=primary event=worker_died");
  house_since_.reset();
  opening_since_.reset();
  enter(component_state::broken, "the writer's worker died");
  tell_closed();
  refuse(inbox_->take_all(), unavailable());
  options_->restarts.add();
  spawn();
  reopen_at_ = now_milliseconds() + backoff_.next().count();
}

caf::result<answer<actors::testimony_result>> writer_front_state::witness(
    const log_point& kept, const std::string& seen_by) {
  if (state_ != component_state::serving) {
    return answer<actors::testimony_result>(unavailable());
  }
  auto promise = self_->make_response_promise<answer<actors::testimony_result>>();
  self_->request(worker_, caf::infinite, witness_atom::value, kept, seen_by)
      .then(
          [this, promise](answer<primary_keeper::testimony_report>& report) mutable {
            if (!report) {
              promise.deliver(answer<actors::testimony_result>(report.problem));
              return;
            }
            if (report.value.replaced) {
              const auto& end = report.value.answer.end;
              meta_.epochs.push_back({end.at.epoch, end.at.at, end.chain});
              meta_.last = end.at.at;
              announce_break(*std::move(report.value.replaced));
            }
            promise.deliver(answer<actors::testimony_result>(report.value.answer));
          },
          [this, promise](const caf::error&) mutable {
            promise.deliver(answer<actors::testimony_result>(unavailable()));
          });
  return promise;
}

caf::result<stopped_atom> writer_front_state::stop() {
  if (stopping_) return stopped_atom::value;
  stopping_ = self_->make_response_promise<stopped_atom>();
  auto promise = *stopping_;
  if (!opening_since_) finish_stop();
  return promise;
}

void writer_front_state::finish_stop() {
  ++generation_;
  const auto end = [this] {
    tell_closed();
    enter(component_state::stopped, "");
    stopping_->deliver(stopped_atom::value);
    self_->quit();
  };
  if (!worker_) {
    end();
    return;
  }
  self_->request(std::exchange(worker_, {}), caf::infinite, stop_atom::value)
      .then([end](stopped_atom) { end(); }, [end](const caf::error&) { end(); });
}

primary_status writer_front_state::status() const {
  primary_status out{
      .url = backends::without_secrets(options_->location.url), .state = state_, .reason = reason_};
  if (inbox_) {
    const auto waiting = inbox_->look();
    out.queued_commits = waiting.commits;
    out.queued_bytes = waiting.bytes;
  }
  if (const auto engine = backends::engine_for(options_->location.url)) {
    out.capabilities = names_of((*engine)->abilities);
  }
  if (!meta_.epochs.empty()) {
    out.log_id = meta_.log_id;
    out.at = meta_.end().at;
    out.oldest = {meta_.epoch().name, std::max(meta_.oldest, meta_.epoch().base)};
    out.documents = meta_.documents;
    out.bytes = meta_.bytes;
  }
  if (replaced_) out.replaced.push_back(*replaced_);
  return out;
}

writer_front::behavior_type run_writer_front(
    writer_front::stateful_pointer<writer_front_state> self, primary_options options,
    actors::worker_thread thread) {
  auto& state = self->state;
  state.begin(std::move(options), thread);
  self->set_down_handler([&state](const caf::down_msg& down) { state.worker_down(down); });
  return {
      [&state](write_atom, write_batch& batch) { return state.write(batch); },
      [&state](witness_atom, const log_point& kept, const std::string& seen_by) {
        return state.witness(kept, seen_by);
      },
      [&state](commit_atom, group_report& report) { state.settled(report); },
      [&state](status_atom) { return state.status(); },
      [&state](stop_atom) { return state.stop(); },
      [&state](hold_atom, const std::string& name, sequence after) { state.hold(name, after); },
      [&state](follow_atom, const actors::primary_follower& follower) {
        state.followers.push_back(follower);
      },
      [&state](follow_atom, const actors::store_user& user) { state.users.push_back(user); },
      [&state](start_atom) { return state.start(); },
      [&state](tick_atom, std::uint64_t generation) { state.tick(generation); },
  };
}

}  // namespace keelson::store
