#include "actors/store/reader_front.hpp"

#include <chrono>
#include <memory>
#include <utility>

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <spdlog/spdlog.h>

namespace keelson::store {

using namespace messages;

namespace {

/// Of the followers of the log, which wait for no client.
constexpr std::int64_t log_timeout_milliseconds = 30'000;

std::int64_t shortest_timeout(const get_batch& batch) {
  std::int64_t shortest = log_timeout_milliseconds * 2;
  for (const auto& request : batch.requests) {
    shortest = std::min(shortest, request.context.timeout_milliseconds);
  }
  return shortest;
}

}  // namespace

void reader_front_state::begin(reader_options options, actors::worker_thread thread) {
  options_ = std::move(options);
  thread_ = thread;
  slots_.resize(options_.workers);
  for (auto& place : slots_) spawn(place);
}

std::int64_t reader_front_state::now_milliseconds() const {
  const auto now = self_->clock().now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

void reader_front_state::spawn(slot& place) {
  place.load = std::make_shared<std::atomic<std::size_t>>(0);
  place.worker = actors::spawn_worker(self_, thread_, run_reader_worker, place.load);
  if (open_) self_->send(place.worker, opened_atom::value, *open_);
}

void reader_front_state::opened(const actors::opened_store& store) {
  if (store.name != options_.store) return;
  open_ = store;
  for (auto& place : slots_) self_->send(place.worker, opened_atom::value, store);
}

void reader_front_state::closed() {
  open_.reset();
  for (auto& place : slots_) self_->send(place.worker, closed_atom::value, options_.store);
}

template <class Reply, class Verb, class Ask, class Refuse>
caf::result<Reply> reader_front_state::pass_on(Verb verb, Ask& ask,
                                               std::int64_t timeout_milliseconds, Refuse refuse) {
  if (stopping_ || !open_) {
    return refuse(
        error{.code = errc::unavailable, .detail = "the store " + options_.store + " is not open"});
  }
  slot* least = nullptr;
  std::size_t least_held = 0;
  std::size_t held = 0;
  for (auto& place : slots_) {
    const std::size_t here = place.load->load(std::memory_order_relaxed);
    held += here;
    if (least != nullptr && here >= least_held) continue;
    least = &place;
    least_held = here;
  }
  if (held >= options_.queue) {
    return refuse(
        error{.code = errc::overloaded, .detail = std::to_string(held) + " reads wait already"});
  }
  least->load->fetch_add(1, std::memory_order_relaxed);
  return self_->delegate(least->worker, verb, now_milliseconds() + timeout_milliseconds,
                         std::move(ask));
}

void reader_front_state::worker_down(const caf::down_msg& down) {
  for (auto& place : slots_) {
    if (place.worker.address() != down.source || stopping_) continue;
    spdlog::error("component=reader store={} event=worker_died", options_.store);
    options_.restarts.add();
    spawn(place);
  }
}

caf::result<stopped_atom> reader_front_state::stop() {
  stopping_ = true;
  closed();
  auto promise = self_->make_response_promise<stopped_atom>();
  const auto left = std::make_shared<std::size_t>(slots_.size());
  auto one_less = [this, left, promise]() mutable {
    if (--*left > 0) return;
    promise.deliver(stopped_atom::value);
    self_->quit();
  };
  for (auto& place : slots_) {
    self_->request(place.worker, caf::infinite, stop_atom::value)
        .then([one_less](stopped_atom) mutable { one_less(); },
              [one_less](const caf::error&) mutable { one_less(); });
  }
  return promise;
}

reader_front::behavior_type run_reader_front(
    reader_front::stateful_pointer<reader_front_state> self, reader_options options,
    actors::worker_thread thread) {
  auto& state = self->state;
  state.begin(std::move(options), thread);
  self->set_down_handler([&state](const caf::down_msg& down) { state.worker_down(down); });
  return {
      [&state](get_atom verb, get_batch& batch) {
        const auto count = batch.requests.size();
        return state.pass_on<get_replies>(verb, batch, shortest_timeout(batch),
                                          [count](const error& problem) {
                                            return get_replies{{count, answer<get_reply>(problem)}};
                                          });
      },
      [&state](get_many_atom verb, get_many_request& ask) {
        return state.pass_on<answer<get_many_reply>>(
            verb, ask, ask.context.timeout_milliseconds,
            [](const error& problem) { return answer<get_many_reply>(problem); });
      },
      [&state](list_atom verb, list_request& ask) {
        return state.pass_on<answer<list_page>>(
            verb, ask, ask.context.timeout_milliseconds,
            [](const error& problem) { return answer<list_page>(problem); });
      },
      [&state](sums_atom verb, collections_request& ask) {
        return state.pass_on<answer<collections_reply>>(
            verb, ask, ask.context.timeout_milliseconds,
            [](const error& problem) { return answer<collections_reply>(problem); });
      },
      [&state](log_atom verb, log_request& ask) {
        return state.pass_on<answer<log_reply>>(
            verb, ask, log_timeout_milliseconds,
            [](const error& problem) { return answer<log_reply>(problem); });
      },
      [&state](opened_atom, const actors::opened_store& store) { state.opened(store); },
      [&state](closed_atom, const std::string& name) {
        if (name == state.store()) state.closed();
      },
      [&state](stop_atom) { return state.stop(); },
  };
}

}  // namespace keelson::store
