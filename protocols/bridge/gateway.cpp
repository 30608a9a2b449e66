#include "protocols/bridge/gateway.hpp"

#include <algorithm>

#include "protocols/bridge/gateway_state.hpp"
#include "protocols/bridge/suspend.hpp"

namespace keelson::bridge {

namespace {

std::chrono::milliseconds timeout_of(const messages::request_context& context) {
  return std::chrono::milliseconds(context.timeout_milliseconds);
}

}  // namespace

gateway::gateway(asio::io_context& loop, caf::actor_system& system, services to,
                 std::shared_ptr<admission> places, gateway_options options)
    : state_(std::make_unique<state>(loop, system, std::move(to), std::move(places), options)) {}

gateway::~gateway() {
  close();
}

std::optional<store_slot> gateway::find_store(std::string_view name) const noexcept {
  if (name.empty() || name == "primary") return store_slot::primary;
  const auto& known = state_->to.secondaries;
  const auto found = std::ranges::find(known, name, &secondary_service::name);
  if (found == known.end()) return std::nullopt;
  return store_slot{static_cast<std::size_t>(found - known.begin()) + 1};
}

void gateway::write(messages::write_request request, completion<messages::write_receipt> done) {
  state_->write(std::move(request), std::move(done));
}

task<result<messages::write_receipt>> gateway::ask_write(messages::write_request request) {
  auto start = [this, request = std::move(request)](auto done) mutable {
    state_->write(std::move(request), std::move(done));
  };
  return suspend<messages::write_receipt>(std::move(start));
}

task<result<messages::get_reply>> gateway::ask_get(store_slot store,
                                                   messages::get_request request) {
  auto start = [this, store, request = std::move(request)](auto done) mutable {
    state_->get(store, std::move(request), std::move(done));
  };
  return suspend<messages::get_reply>(std::move(start));
}

task<result<messages::get_many_reply>> gateway::ask_many(store_slot store,
                                                         messages::get_many_request request) {
  auto start = [this, store, request = std::move(request)](auto done) mutable {
    const auto timeout = timeout_of(request.context);
    state_->ask<messages::answer<messages::get_many_reply>>(
        state_->reader(store), timeout, std::move(done), messages::get_many_atom{},
        std::move(request));
  };
  return suspend<messages::get_many_reply>(std::move(start));
}

task<result<messages::list_page>> gateway::ask_list(store_slot store,
                                                    messages::list_request request) {
  auto start = [this, store, request = std::move(request)](auto done) mutable {
    const auto timeout = timeout_of(request.context);
    state_->ask<messages::answer<messages::list_page>>(
        state_->reader(store), timeout, std::move(done), messages::list_atom{}, std::move(request));
  };
  return suspend<messages::list_page>(std::move(start));
}

task<result<messages::collections_reply>> gateway::ask_collections(
    messages::collections_request request) {
  auto start = [this, request = std::move(request)](auto done) mutable {
    const auto timeout = timeout_of(request.context);
    state_->ask<messages::answer<messages::collections_reply>>(
        state_->to.primary, timeout, std::move(done), messages::sums_atom{}, std::move(request));
  };
  return suspend<messages::collections_reply>(std::move(start));
}

void gateway::check(const document_id& id) {
  state_->check(id);
}

std::size_t gateway::checks_let_go() const noexcept {
  return state_->checks_let_go;
}

void gateway::begin_second() noexcept {
  state_->checks_left = state_->options.checks_per_second;
}

void gateway::expire() {
  state_->expire();
}

const services& gateway::to() const noexcept {
  return state_->to;
}
asio::io_context& gateway::loop() noexcept {
  return state_->loop;
}
caf::actor_system& gateway::system() noexcept {
  return state_->system;
}
const admission& gateway::places() const noexcept {
  return *state_->places;
}
void gateway::close() {
  state_->close();
}
void gateway::abandon() {
  state_->abandon();
}

}  // namespace keelson::bridge
