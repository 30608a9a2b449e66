#include "protocols/http/handlers.hpp"
#include "protocols/http/openapi.hpp"
#include "protocols/http/service_info.hpp"
#include "protocols/wire/status.hpp"

namespace keelson::http {

namespace {

constexpr std::string_view prometheus_type = "text/plain; version=0.0.4; charset=utf-8";

task<wire::service_status> ask_all(exchange& with) {
  auto asking = with.gate().ask_status(with.timeout());
  bridge::status_answers answers = co_await std::move(asking);
  const service_info& info = with.info();
  const auto uptime = std::chrono::steady_clock::now() - info.started;
  wire::service_status status{.version = info.options.version,
                              .uptime_seconds = static_cast<std::uint64_t>(
                                  std::chrono::duration_cast<std::chrono::seconds>(uptime).count()),
                              .primary = std::move(answers.primary),
                              .validator = std::move(answers.validator),
                              .feed = std::move(answers.feed),
                              .queues = {.requests_in_flight = with.gate().places().inside(),
                                         .requests_refused = with.gate().places().refused(),
                                         .connections = info.connections.load()}};
  for (std::size_t i = 0; i < answers.secondaries.size(); ++i) {
    status.secondaries.push_back(
        {with.gate().to().secondaries[i].name, std::move(answers.secondaries[i])});
  }
  co_return status;
}

}  // namespace

task<result<response>> get_healthz(exchange&) {
  co_return response::json(200, "{\"state\":\"alive\"}");
}

task<result<response>> get_readyz(exchange& with) {
  auto asking = ask_all(with);
  const wire::service_status status = co_await std::move(asking);
  const bool ready = wire::is_ready(status) && !with.going_away();
  response out = response::json(ready ? 200 : 503, wire::readyz_text(status));
  if (!ready) out.add_header("Retry-After", "1");
  co_return out;
}

task<result<response>> get_metrics(exchange& with) {
  const auto& text = with.info().options.metrics_text;
  if (!text) co_return fail(errc::unavailable, "this server was started without metrics");
  co_return response{.content_type = prometheus_type, .body = text()};
}

task<result<response>> get_status(exchange& with) {
  auto asking = ask_all(with);
  const wire::service_status status = co_await std::move(asking);
  co_return response::json(200, wire::status_text(status));
}

task<result<response>> get_openapi(exchange& with) {
  const server_options& options = with.info().options;
  co_return response::json(200, openapi_text(options.version, options.content));
}

}  // namespace keelson::http
