#include "protocols/http/handlers.hpp"
#include "protocols/http/request_options.hpp"
#include "protocols/http/service_info.hpp"
#include "protocols/http/until_reached.hpp"
#include "protocols/wire/batch.hpp"
#include "protocols/wire/documents.hpp"

namespace keelson::http {

task<result<response>> post_batch(exchange& with) {
  if (auto checked = check_json(with); !checked) co_return pass_on(std::move(checked));
  const wire::content_limits& limits = with.info().options.content;
  auto body = co_await with.read_body(limits.batch);
  if (!body) co_return pass_on(std::move(body));
  auto batch = wire::parse_batch(*body, limits);
  if (!batch) co_return pass_on(std::move(batch));
  messages::write_request request{.context = with.context(),
                                  .operations = std::move(batch->operations)};
  auto keyed = add_idempotency(request, with, batch->canonical);
  if (!keyed) co_return pass_on(std::move(keyed));
  auto asking = with.gate().ask_write(std::move(request));
  result<messages::write_receipt> receipt = co_await std::move(asking);
  if (!receipt) co_return pass_on(std::move(receipt));
  co_return response::json(200, wire::batch_receipt_text(*receipt));
}

task<result<response>> post_batch_get(exchange& with) {
  if (auto checked = check_json(with); !checked) co_return pass_on(std::move(checked));
  const auto verify = verify_of(with, verify_mode::off);
  if (!verify) co_return std::unexpected(verify.error());
  if (*verify == verify_mode::wait)
    co_return fail(errc::invalid_parameter, "verify is off or async for a batch");
  auto source = source_of(with);
  if (!source) co_return pass_on(std::move(source));
  const wire::content_limits& limits = with.info().options.content;
  auto body = co_await with.read_body(limits.batch);
  if (!body) co_return pass_on(std::move(body));
  auto request = wire::parse_get_many(*body, limits);
  if (!request) co_return pass_on(std::move(request));
  request->context = with.context();
  request->max_bytes = limits.batch;
  request->minimum = std::move(source->minimum);
  auto asking = ask_reader(with, source->store, *request, &bridge::gateway::ask_many);
  result<messages::get_many_reply> found = co_await std::move(asking);
  if (!found) co_return pass_on(std::move(found));
  if (*verify == verify_mode::async) {
    for (const document_key& key : request->keys)
      with.check_after_answer({request->collection, key});
  }
  response out = response::json(200, wire::get_many_text(*request, *found));
  add_read_headers(out, with, found->at);
  co_return out;
}

}  // namespace keelson::http
