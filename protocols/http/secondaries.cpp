#include "protocols/http/handlers.hpp"
#include "protocols/http/request_options.hpp"
#include "protocols/wire/operator.hpp"
#include "protocols/wire/status.hpp"

namespace keelson::http {

namespace {

using verb = bridge::gateway::verb;
constexpr std::size_t longest_body = 4096;

task<result<response>> operate(exchange& with, verb wanted) {
  const std::string_view name = with.path_parameter(0);
  const auto slot = with.gate().find_store(name);
  if (!slot || *slot == bridge::store_slot::primary)
    co_return fail(errc::not_found, "there is no secondary of that name");
  auto asking = with.gate().ask_operator(*slot, wanted, with.timeout());
  result<messages::secondary_status> status = co_await std::move(asking);
  if (!status) co_return pass_on(std::move(status));
  std::string text;
  wire::append_secondary(text, {std::string(name), std::move(status)});
  co_return response::json(200, std::move(text));
}

/// What type an empty body has is of no interest.
task<result<std::string_view>> json_body(exchange& with) {
  auto body = co_await with.read_body(longest_body);
  if (!body || body->empty()) co_return body;
  if (auto checked = check_json(with); !checked) co_return pass_on(std::move(checked));
  co_return body;
}

task<result<response>> operate_without_body(exchange& with, verb wanted) {
  const auto body = co_await json_body(with);
  if (!body) co_return std::unexpected(body.error());
  if (auto checked = wire::parse_nothing(*body); !checked) co_return pass_on(std::move(checked));
  co_return co_await operate(with, wanted);
}

}  // namespace

task<result<response>> pause_secondary(exchange& with) {
  return operate_without_body(with, verb::pause);
}

task<result<response>> resume_secondary(exchange& with) {
  return operate_without_body(with, verb::resume);
}

task<result<response>> rebuild_secondary(exchange& with) {
  const auto body = co_await json_body(with);
  if (!body) co_return std::unexpected(body.error());
  const auto confirmed = wire::parse_confirmation(*body);
  if (!confirmed) co_return std::unexpected(confirmed.error());
  const verb wanted = *confirmed ? verb::rebuild_confirmed : verb::rebuild;
  co_return co_await operate(with, wanted);
}

}  // namespace keelson::http
