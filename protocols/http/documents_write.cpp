#include "protocols/http/handlers.hpp"
#include "protocols/http/request_options.hpp"
#include "protocols/http/service_info.hpp"
#include "protocols/wire/documents.hpp"
#include "protocols/wire/media_type.hpp"
#include "protocols/wire/preconditions.hpp"

namespace keelson::http {

namespace {

using messages::write_op;

/// One document's write, as far as the head of the request says.
result<messages::write_request> plan_write(const exchange& with, write_op op) {
  auto id = document_of(with);
  if (!id) return pass_on(std::move(id));
  const auto condition =
      wire::parse_write_condition(with.head().if_match, with.head().if_none_match);
  if (!condition) return std::unexpected(condition.error());
  messages::write_request request{.context = with.context()};
  request.operations.push_back({.op = op,
                                .id = *std::move(id),
                                .condition = condition->what,
                                .expected = condition->expected});
  return request;
}

/// Reads the value, sends the write and answers with its receipt.
task<result<response>> write_one(exchange& with, messages::write_request request) {
  messages::write_operation& operation = request.operations.front();
  if (operation.op != write_op::remove) {
    auto body = co_await with.read_body(with.info().options.content.value);
    if (!body) co_return pass_on(std::move(body));
    auto canonical = wire::canonical_value(*body, with.info().options.content);
    if (!canonical) co_return pass_on(std::move(canonical));
    operation.value = *std::move(canonical);
    if (operation.op == write_op::put) operation.value_hash = hash_value(operation.value);
  }
  auto keyed = add_idempotency(request, with, operation.value);
  if (!keyed) co_return pass_on(std::move(keyed));
  const document_key key = operation.id.key;
  auto asking = with.gate().ask_write(std::move(request));
  result<messages::write_receipt> receipt = co_await std::move(asking);
  if (!receipt) {
    receipt.error().index = -1;  // which is of a batch
    co_return pass_on(std::move(receipt));
  }
  const messages::operation_outcome& outcome = receipt->outcomes.at(0);
  const unsigned status = outcome.effect == messages::write_effect::created ? 201 : 200;
  response out = response::json(status, wire::receipt_text(key, outcome, receipt->at));
  if (outcome.effect != messages::write_effect::removed)
    out.add_header("ETag", wire::etag(outcome.now));
  co_return out;
}

}  // namespace

task<result<response>> put_document(exchange& with) {
  if (auto checked = check_json(with); !checked) co_return pass_on(std::move(checked));
  auto request = plan_write(with, write_op::put);
  if (!request) co_return pass_on(std::move(request));
  auto writing = write_one(with, *std::move(request));
  co_return co_await std::move(writing);
}

task<result<response>> patch_document(exchange& with) {
  if (!wire::is_media_type(with.head().content_type, merge_patch_type)) {
    co_return fail(errc::unsupported_media_type,
                   "a PATCH has the body application/merge-patch+json");
  }
  auto request = plan_write(with, write_op::patch);
  if (!request) co_return pass_on(std::move(request));
  auto writing = write_one(with, *std::move(request));
  co_return co_await std::move(writing);
}

task<result<response>> delete_document(exchange& with) {
  auto request = plan_write(with, write_op::remove);
  if (!request) co_return pass_on(std::move(request));
  auto writing = write_one(with, *std::move(request));
  co_return co_await std::move(writing);
}

}  // namespace keelson::http
