#include "protocols/bridge/gateway_state.hpp"
#include "protocols/bridge/suspend.hpp"

namespace keelson::bridge {

task<result<messages::resolved>> gateway::ask_resolve(messages::since since,
                                                      std::chrono::milliseconds timeout) {
  auto start = [this, timeout, since = std::move(since)](auto done) mutable {
    state_->ask<messages::answer<messages::resolved>>(state_->to.feed, timeout, std::move(done),
                                                      messages::resolve_atom{}, std::move(since));
  };
  return suspend<messages::resolved>(std::move(start));
}

task<result<messages::replay_slice>> gateway::ask_replay(messages::replay_request request,
                                                         std::chrono::milliseconds timeout) {
  auto start = [this, timeout, request = std::move(request)](auto done) mutable {
    state_->ask<messages::answer<messages::replay_slice>>(
        state_->to.feed, timeout, std::move(done), messages::replay_atom{}, std::move(request));
  };
  return suspend<messages::replay_slice>(std::move(start));
}

}  // namespace keelson::bridge
