#include <algorithm>

#include "protocols/http/handlers.hpp"
#include "protocols/http/io_loop.hpp"
#include "protocols/http/request_options.hpp"
#include "protocols/http/service_info.hpp"
#include "protocols/http/until_reached.hpp"
#include "protocols/wire/preconditions.hpp"
#include "protocols/wire/verify.hpp"

namespace keelson::http {

namespace {

struct read_plan {
  messages::get_request request;
  bridge::store_slot store;
  verify_mode verify;
};

result<read_plan> plan_read(const exchange& with) {
  auto id = document_of(with);
  if (!id) return pass_on(std::move(id));
  auto source = source_of(with);
  if (!source) return pass_on(std::move(source));
  const auto verify = verify_of(with, verify_mode::async);
  if (!verify) return std::unexpected(verify.error());
  return read_plan{
      {with.context(), *std::move(id), std::move(source->minimum)}, source->store, *verify};
}

/// What If-Match and If-None-Match make of a read: 200, 304 or a failure.
result<unsigned> judge(const request_head& head, version present) {
  if (head.if_match.data() != nullptr) {
    const auto named = wire::names_version(head.if_match, present);
    if (!named) return std::unexpected(named.error());
    if (!*named) {
      return std::unexpected(error{.code = errc::precondition_failed,
                                   .detail = "the document has another version",
                                   .present_version = static_cast<std::int64_t>(present.value)});
    }
  }
  if (head.if_none_match.data() == nullptr) return 200U;
  const auto named = wire::names_version(head.if_none_match, present);
  if (!named) return std::unexpected(named.error());
  return *named ? 304U : 200U;
}

/// The value of Keelson-Consistency, whatever becomes of the comparison.
task<std::string> consistency(exchange& with, document_id id) {
  messages::request_context context = with.context();
  context.timeout_milliseconds = with.info().options.verify_wait.count();
  auto asking = with.gate().ask_compare(std::move(context), std::move(id));
  result<messages::comparisons> found = co_await std::move(asking);
  if (!found) {
    messages::comparisons unknown;
    for (const auto& each : with.gate().to().secondaries) unknown.entries.push_back({each.name});
    found = std::move(unknown);
  }
  co_return wire::consistency_text(*found);
}

}  // namespace

task<result<response>> get_document(exchange& with) {
  auto plan = plan_read(with);
  if (!plan) co_return pass_on(std::move(plan));
  const verify_mode verify = plan->verify;
  document_id id;
  if (verify != verify_mode::off) id = plan->request.id;
  auto asking = ask_reader(with, plan->store, std::move(plan->request), &bridge::gateway::ask_get);
  result<messages::get_reply> found = co_await std::move(asking);
  if (!found) co_return pass_on(std::move(found));

  response out;
  add_read_headers(out, with, found->at);
  if (verify == verify_mode::async) {
    with.check_after_answer(std::move(id));
  } else if (verify == verify_mode::wait) {
    auto comparing = consistency(with, std::move(id));
    const std::string text = co_await std::move(comparing);
    out.add_header("Keelson-Consistency", text);
  }
  document& value = found->document.value;
  const bool is_there = found->document.found != 0;
  const auto status = judge(with.head(), is_there ? value.version : version{});
  if (!status || !is_there) {
    const error missing{.code = errc::not_found, .detail = "there is no document of this key"};
    response refusal = problem_response(status ? missing : status.error());
    refusal.headers.append(out.headers);
    co_return refusal;
  }
  out.status = *status;
  out.add_header("ETag", wire::etag(value.version));
  // Never later than the answer (RFC 9110, 8.8.2.1), also when the clock was set back since.
  out.add_header("Last-Modified", http_date(std::min(value.time, with.loop().date())));
  if (out.status == 200) {
    out.content_type = json_type;
    out.body = std::move(value.value);
  }
  co_return out;
}

}  // namespace keelson::http
