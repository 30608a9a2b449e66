#include "protocols/bridge/gateway_state.hpp"

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>

namespace keelson::bridge {

namespace {

caf::actor spawn_on(const std::shared_ptr<loop_unit>& unit, caf::actor_system& system) {
  caf::actor_config config{unit.get()};
  return system.spawn_class<loop_actor, caf::no_spawn_options>(config, unit);
}

/// Hands the answers of one message to those who asked, in their order.
template <class Replies, class Reply>
completion<Replies> distribute(std::vector<completion<Reply>> waiting, ask_kind kind) {
  return [waiting = std::move(waiting), kind](result<Replies> all) mutable {
    for (std::size_t i = 0; i < waiting.size(); ++i) {
      if (!all) {
        waiting[i](std::unexpected(all.error()));
      } else if (i < all->answers.size()) {
        waiting[i](std::move(all->answers[i]).take());
      } else {
        waiting[i](std::unexpected(lost_answer(kind)));
      }
    }
  };
}

}  // namespace

gateway::state::state(asio::io_context& on, caf::actor_system& in, services known,
                      std::shared_ptr<admission> shared, gateway_options with)
    : loop(on),
      system(in),
      to(std::move(known)),
      places(std::move(shared)),
      options(with),
      checks_left(with.checks_per_second),
      waiting_(*places),
      unit_(std::make_shared<loop_unit>(on, in)),
      kept_(spawn_on(unit_, in)),
      courier_(static_cast<loop_actor*>(caf::actor_cast<caf::abstract_actor*>(kept_))),
      gets_(1 + to.secondaries.size()) {}

void gateway::state::write(messages::write_request request,
                           completion<messages::write_receipt> done) {
  if (!admit(done)) return;
  if (!writes_.takes(request, options.most_in_message)) flush(writes_);
  writes_.requests.push_back(std::move(request));
  writes_.done.push_back(std::move(done));
  flush_at_end_of_turn();
}

void gateway::state::get(store_slot store, messages::get_request request,
                         completion<messages::get_reply> done) {
  if (!admit(done)) return;
  get_gathering& gathered = gets_[static_cast<std::size_t>(store)];
  if (!gathered.takes(request, options.most_in_message)) flush(store, gathered);
  gathered.requests.push_back(std::move(request));
  gathered.done.push_back(std::move(done));
  flush_at_end_of_turn();
}

void gateway::state::check(const document_id& id) {
  if (closed_ || checks_left == 0) {
    checks_let_go.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  --checks_left;
  checks_.ids.push_back(id);
  flush_at_end_of_turn();
}

void gateway::state::flush_at_end_of_turn() {
  if (flush_posted_) return;
  flush_posted_ = true;
  asio::post(loop, [this] { flush(); });
}

void gateway::state::flush() {
  flush_posted_ = false;
  flush(writes_);
  for (std::size_t i = 0; i < gets_.size(); ++i) flush(store_slot{i}, gets_[i]);
  if (!checks_.ids.empty() && !closed_ && to.validator)
    caf::anon_send(to.validator, messages::check_atom{}, std::exchange(checks_, {}));
}

void gateway::state::flush(write_gathering& gathered) {
  if (gathered.requests.empty()) return;
  const auto timeout = gathered.timeout();
  const std::size_t count = gathered.requests.size();
  auto done =
      distribute<messages::write_receipts>(std::exchange(gathered.done, {}), ask_kind::write);
  messages::write_batch batch{std::exchange(gathered.requests, {})};
  send<messages::write_receipts>(to.writer, timeout, ask_kind::write, count, std::move(done),
                                 messages::write_atom{}, std::move(batch));
}

void gateway::state::flush(store_slot store, get_gathering& gathered) {
  if (gathered.requests.empty()) return;
  const auto timeout = gathered.timeout();
  const std::size_t count = gathered.requests.size();
  auto done = distribute<messages::get_replies>(std::exchange(gathered.done, {}), ask_kind::read);
  messages::get_batch batch{std::exchange(gathered.requests, {})};
  send<messages::get_replies>(reader(store), timeout, ask_kind::read, count, std::move(done),
                              messages::get_atom{}, std::move(batch));
}

void gateway::state::close() {
  if (closed_) return;
  flush();
  closed_ = true;
  courier_->end();
  waiting_.fail_all();
}

void gateway::state::abandon() {
  if (std::exchange(closed_, true)) return;
  courier_->end();
  waiting_.drop_all();
}

}  // namespace keelson::bridge
