#include "actors/validator/validator_front.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <numeric>
#include <utility>

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <spdlog/spdlog.h>

namespace keelson::validator {

using namespace messages;

namespace {

constexpr std::chrono::seconds tick_interval{1};
constexpr double logged_differences_per_second = 100;
constexpr std::size_t shown_differences = 100;

error no_such_pass(const std::string& id) {
  return {.code = errc::not_found, .detail = "there is no comparison '" + id + "', or no longer"};
}

}  // namespace

void validator_state::begin(validator_options options, wall_clock clock,
                            actors::worker_thread thread) {
  options_ = std::move(options);
  clock_ = std::move(clock);
  thread_ = thread;
  budget_.emplace(options_->checks_per_second);
  log_budget_.emplace(logged_differences_per_second);
  ledger_.emplace(options_->open_differences);
  passes_.emplace(*options_);
  metrics_.emplace(*options_->metrics);
  for (const auto& secondary : options_->secondaries) {
    lanes_.push_back({.secondary = secondary,
                      .queue = check_lane(options_->queued_checks, options_->waiting_compares),
                      .metrics = {*options_->metrics, secondary.name}});
  }
  respawn();
  self_->delayed_send(self_, tick_interval, tick_atom::value);
}

moment validator_state::now() const {
  return moment(self_->clock().now().time_since_epoch());
}

void validator_state::respawn() {
  for (auto& lane : lanes_) {
    for (auto* worker : {&lane.checker, &lane.scanner}) {
      if (!worker->actor) spawn(lane, *worker);
    }
    pump(lane);
  }
}

void validator_state::spawn(const lane& of, worker& place) {
  place.primary = std::make_shared<actors::primary_link>();
  place.actor = actors::spawn_worker(self_, thread_, run_comparer, of.secondary.name,
                                     options_->limits, place.primary);
  for (const auto& [name, store] : stores_) tell_opened(place, store);
}

/// The primary goes by the link alone: a message to a worker that hangs would hold it open.
void validator_state::tell_opened(const worker& to, const actors::opened_store& store) {
  if (store.name == actors::primary_name) {
    to.primary->attach(store.store);
  } else if (to.actor) {
    self_->send(to.actor, opened_atom::value, store);
  }
}

void validator_state::opened(const actors::opened_store& store) {
  stores_[store.name] = store;
  for (const auto& lane : lanes_) {
    tell_opened(lane.checker, store);
    tell_opened(lane.scanner, store);
  }
}

void validator_state::closed(const std::string& store) {
  stores_.erase(store);
  for (const auto& lane : lanes_) {
    for (const auto* worker : {&lane.checker, &lane.scanner}) {
      if (store == actors::primary_name) worker->primary->detach();
      if (worker->actor) self_->send(worker->actor, closed_atom::value, store);
    }
  }
}

void validator_state::worker_down(const caf::down_msg& down) {
  for (auto& lane : lanes_) {
    for (auto* worker : {&lane.checker, &lane.scanner}) {
      if (!worker->actor || down.source != worker->actor.address()) continue;
      spdlog::error("component=validator secondary={} event=worker_died", lane.secondary.name);
      worker->actor = comparer();  // the next tick spawns another
      options_->restarts.add();
    }
  }
}

void validator_state::tick() {
  if (stopped_) return;
  respawn();
  for (auto& lane : lanes_) {
    // Of a worker that hangs and so has not heard that the primary was closed.
    lane.checker.primary->release();
    lane.scanner.primary->release();
    show_gauges(lane);
  }
  log_unknown();
  if (unlogged_ > 0) {
    spdlog::warn("component=validator event=differences_opened not_logged_singly={}", unlogged_);
    unlogged_ = 0;
  }
  self_->delayed_send(self_, tick_interval, tick_atom::value);
}

caf::result<stopped_atom> validator_state::stop() {
  if (stopped_) return stopped_atom::value;
  stopped_ = self_->make_response_promise<stopped_atom>();
  const auto promise = *stopped_;
  passes_->stop_all();
  for (auto& [ticket, waiter] : waiters_) waiter.promise.deliver(std::move(waiter.so_far));
  waiters_.clear();
  const auto one_ended = [this] {
    if (--stopping_ > 0) return;
    stopped_->deliver(stopped_atom::value);
    self_->quit();
  };
  std::vector<comparer> workers;
  for (auto& lane : lanes_) {
    for (auto* worker : {&lane.checker, &lane.scanner}) {
      if (worker->actor) workers.push_back(std::exchange(worker->actor, {}));
    }
  }
  stopping_ = workers.size() + 1;
  for (const auto& worker : workers) {
    self_->request(worker, caf::infinite, stop_atom::value)
        .then([one_ended](stopped_atom) { one_ended(); },
              [one_ended](const caf::error&) { one_ended(); });
  }
  one_ended();
  return promise;
}

void validator_state::show_gauges(lane& of) {
  const auto& secondary = of.secondary.name;
  of.metrics.open_differences.set(static_cast<double>(ledger_->open_on(secondary)));
  const auto oldest = ledger_->oldest_on(secondary);
  const auto age = oldest ? clock_().microseconds - oldest->microseconds : 0;
  of.metrics.oldest_difference.set(static_cast<double>(age) / 1e6);
  metrics_->queue_checks.set(static_cast<double>(queued()));
}

/// When documents begin to be unknown, and when the last of them is not any longer.
void validator_state::log_unknown() {
  const auto since = ledger_->unknown_since();
  if (since.has_value() == unknown_since_.has_value()) return;
  if (since) {
    spdlog::warn("component=validator event=unknown_began documents={}", ledger_->unknown_total());
  } else {
    spdlog::info("component=validator event=unknown_ended after_seconds={}",
                 (clock_().microseconds - unknown_since_->microseconds) / 1'000'000);
  }
  unknown_since_ = since;
}

std::size_t validator_state::queued() const {
  const auto add = [](std::size_t sum, const lane& one) { return sum + one.queue.size(); };
  return std::accumulate(lanes_.begin(), lanes_.end(), std::size_t{0}, add);
}

validator_state::lane& validator_state::lane_of(const std::string& secondary) {
  return *std::ranges::find(lanes_, secondary, [](const lane& l) { return l.secondary.name; });
}

validator_status validator_state::status() const {
  validator_status out{.checks = checks_,
                       .checks_let_go = let_go_,
                       .unknown = ledger_->unknown_total(),
                       .queued = queued(),
                       .last_full_pass = last_full_pass_,
                       .last_full_state = last_full_state_,
                       .last_full_at = last_full_at_,
                       .open_total = ledger_->open_total(),
                       .open = ledger_->oldest(shown_differences)};
  if (const auto running = passes_->running()) {
    out.running_pass = running->id();
    out.progress = running->progress();
  }
  return out;
}

messages::answer<verify_report> validator_state::report(const std::string& id) const {
  const auto known = passes_->find(id);
  if (!known) return no_such_pass(id);
  return known->report();
}

messages::answer<differences_page> validator_state::differ(const differences_request& asked) const {
  const auto known = passes_->find(asked.pass);
  if (!known) return no_such_pass(asked.pass);
  return known->differences(asked.after, asked.limit);
}

messages::answer<verify_report> validator_state::cancel(const std::string& id) {
  const auto known = passes_->find(id);
  if (!known) return no_such_pass(id);
  if (known->running()) {
    known->stop();
    ended(*known);
  }
  return known->report();
}

validator_front::behavior_type run_validator(
    validator_front::stateful_pointer<validator_state> self, validator_options options,
    wall_clock clock, actors::worker_thread thread) {
  auto& state = self->state;
  state.begin(std::move(options), std::move(clock), thread);
  self->set_down_handler([&state](const caf::down_msg& down) { state.worker_down(down); });
  return {
      [&state](check_atom, const check_batch& batch) { state.check(batch); },
      [&state](compare_atom, const request_context& context, const document_id& id) {
        return state.compare(context, id);
      },
      [&state](verify_atom, const verify_request& asked) { return state.verify(asked); },
      [&state](report_atom, const std::string& id) { return state.report(id); },
      [&state](differ_atom, const differences_request& asked) { return state.differ(asked); },
      [&state](cancel_atom, const std::string& id) { return state.cancel(id); },
      [&state](status_atom) { return state.status(); },
      [&state](opened_atom, const actors::opened_store& store) { state.opened(store); },
      [&state](closed_atom, const std::string& name) { state.closed(name); },
      [&state](stop_atom) { return state.stop(); },
      [&state](tick_atom) { state.tick(); },
      [&state](tick_atom, std::uint64_t ticket) { state.compare_expired(ticket); },
      [&state](tick_atom, const std::string& pass, std::uint64_t part) {
        state.advance(pass, part);
      },
  };
}

}  // namespace keelson::validator
