#include "protocols/bridge/gateway_state.hpp"
#include "protocols/bridge/suspend.hpp"

namespace keelson::bridge {

task<result<messages::comparisons>> gateway::ask_compare(messages::request_context context,
                                                         document_id id) {
  auto start = [this, context = std::move(context), id = std::move(id)](auto done) mutable {
    const auto timeout = std::chrono::milliseconds(context.timeout_milliseconds);
    state_->ask<messages::comparisons>(state_->to.validator, timeout, std::move(done),
                                       messages::compare_atom{}, std::move(context), std::move(id));
  };
  return suspend<messages::comparisons>(std::move(start));
}

task<result<std::string>> gateway::ask_verify(messages::verify_request request,
                                              std::chrono::milliseconds timeout) {
  auto start = [this, timeout, request = std::move(request)](auto done) mutable {
    state_->order<messages::answer<std::string>>(state_->to.validator, timeout, std::move(done),
                                                 messages::verify_atom{}, std::move(request));
  };
  return suspend<std::string>(std::move(start));
}

task<result<messages::verify_report>> gateway::ask_report(std::string pass,
                                                          std::chrono::milliseconds timeout) {
  auto start = [this, timeout, pass = std::move(pass)](auto done) mutable {
    state_->ask<messages::answer<messages::verify_report>>(
        state_->to.validator, timeout, std::move(done), messages::report_atom{}, std::move(pass));
  };
  return suspend<messages::verify_report>(std::move(start));
}

task<result<messages::verify_report>> gateway::ask_cancel(std::string pass,
                                                          std::chrono::milliseconds timeout) {
  auto start = [this, timeout, pass = std::move(pass)](auto done) mutable {
    state_->order<messages::answer<messages::verify_report>>(
        state_->to.validator, timeout, std::move(done), messages::cancel_atom{}, std::move(pass));
  };
  return suspend<messages::verify_report>(std::move(start));
}

task<result<messages::differences_page>> gateway::ask_differences(
    messages::differences_request request, std::chrono::milliseconds timeout) {
  auto start = [this, timeout, request = std::move(request)](auto done) mutable {
    state_->ask<messages::answer<messages::differences_page>>(
        state_->to.validator, timeout, std::move(done), messages::differ_atom{},
        std::move(request));
  };
  return suspend<messages::differences_page>(std::move(start));
}

}  // namespace keelson::bridge
