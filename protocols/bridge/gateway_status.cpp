#include "protocols/bridge/gateway_state.hpp"
#include "protocols/bridge/suspend.hpp"

namespace keelson::bridge {

namespace {

constexpr std::chrono::milliseconds status_timeout = std::chrono::seconds(2);

/// Gathers the answers of all components; completes when the last one has come.
struct gathered_status {
  status_answers answers;
  resumption<status_answers> done;
  std::size_t missing = 0;

  /// A place for one answer; `self` lives until all have come.
  template <class Status>
  static completion<Status> expect(const std::shared_ptr<gathered_status>& self,
                                   result<Status>& place) {
    ++self->missing;
    return [self, &place](result<Status> answer) {
      place = std::move(answer);
      if (--self->missing == 0) self->done(std::move(self->answers));
    };
  }
};

}  // namespace

task<result<messages::secondary_status>> gateway::ask_operator(messages::request_context context,
                                                               store_slot secondary, verb wanted) {
  const std::chrono::milliseconds timeout(context.timeout_milliseconds);
  auto start = [this, secondary, wanted, timeout](completion<messages::secondary_status> done) {
    const auto& whom = state_->to.secondaries.at(static_cast<std::size_t>(secondary) - 1).verbs;
    const auto ask = [&](auto... message) {
      state_->order<messages::answer<messages::secondary_status>>(whom, timeout, std::move(done),
                                                                  message...);
    };
    switch (wanted) {
      case verb::pause:
        return ask(messages::pause_atom{});
      case verb::resume:
        return ask(messages::resume_atom{});
      case verb::rebuild:
        return ask(messages::rebuild_atom{}, messages::rebuild_request{});
      case verb::rebuild_confirmed:
        return ask(messages::rebuild_atom{}, messages::rebuild_request{1});
    }
  };
  return suspend<messages::secondary_status>(std::move(start));
}

task<status_answers> gateway::ask_status() {
  auto start = [this](resumption<status_answers> done) {
    const services& whom = state_->to;
    const auto all = std::make_shared<gathered_status>();
    all->done = std::move(done);
    all->answers.secondaries.resize(whom.secondaries.size());
    auto primary = gathered_status::expect(all, all->answers.primary);
    auto validator = gathered_status::expect(all, all->answers.validator);
    auto feed = gathered_status::expect(all, all->answers.feed);
    for (std::size_t i = 0; i < whom.secondaries.size(); ++i) {
      auto secondary = gathered_status::expect(all, all->answers.secondaries[i]);
      state_->ask<messages::secondary_status>(whom.secondaries[i].reporter, status_timeout,
                                              std::move(secondary), messages::status_atom{});
    }
    state_->ask<messages::primary_status>(whom.primary_reporter, status_timeout, std::move(primary),
                                          messages::status_atom{});
    state_->ask<messages::validator_status>(whom.validator, status_timeout, std::move(validator),
                                            messages::status_atom{});
    state_->ask<messages::feed_status>(whom.feed, status_timeout, std::move(feed),
                                       messages::status_atom{});
  };
  return suspend_for<status_answers>(std::move(start));
}

}  // namespace keelson::bridge
