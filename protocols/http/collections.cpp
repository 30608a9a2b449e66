#include "protocols/http/handlers.hpp"
#include "protocols/http/io_loop.hpp"
#include "protocols/http/list_request.hpp"
#include "protocols/http/until_reached.hpp"
#include "protocols/wire/documents.hpp"
#include "protocols/wire/duration.hpp"
#include "protocols/wire/media_type.hpp"
#include "protocols/wire/preconditions.hpp"
#include "protocols/wire/uuid.hpp"

namespace keelson::http {

namespace {

std::string text_of(const exchange& with, std::string_view name) {
  const std::string* const text = with.query().find(name);
  return text == nullptr ? std::string() : *text;
}

result<list_plan> plan_list(const exchange& with) {
  auto collection = collection_of(with);
  if (!collection) return pass_on(std::move(collection));
  const std::size_t most = with.info().options.content.page;
  auto source = source_of(with);
  if (!source) return pass_on(std::move(source));
  messages::list_request request{.context = with.context(),
                                 .collection = *std::move(collection),
                                 .prefix = text_of(with, "prefix"),
                                 .after = text_of(with, "after"),
                                 .limit = static_cast<std::uint32_t>(most),
                                 .minimum = std::move(source->minimum)};
  if (const std::string* const text = with.query().find("limit")) {
    const auto limit = wire::parse_count("limit", *text, 1, most);
    if (!limit) return std::unexpected(limit.error());
    request.limit = static_cast<std::uint32_t>(*limit);
  }
  const auto reverse = flag_of(with, "reverse", flag::off);
  if (!reverse) return std::unexpected(reverse.error());
  if (*reverse == flag::on) request.order = messages::list_order::backward;
  const auto values = flag_of(with, "values", flag::on);
  if (!values) return std::unexpected(values.error());
  if (*values == flag::off) request.values = messages::list_values::without;
  return list_plan{std::move(request), source->store};
}

document_key make_key(const exchange& with) {
  return document_key::trusted(wire::make_uuid_v7(with.info().options.clock(),
                                                  {with.loop().random(), with.loop().random()}));
}

std::string location_of(const document_id& id) {
  return "/v1/kv/" + id.collection.text() + '/' + id.key.text();
}

}  // namespace

task<result<response>> list_documents(exchange& with) {
  auto plan = plan_list(with);
  if (!plan) co_return pass_on(std::move(plan));
  if (wire::accepts_explicitly(with.head().accept, ndjson_type)) {
    if (with.query().find("limit") != nullptr)
      co_return fail(errc::invalid_parameter,
                     "a streamed list has no limit: it is the whole range");
    auto streaming = stream_documents(with, *std::move(plan));
    co_return co_await std::move(streaming);
  }
  const messages::list_values values = plan->request.values;
  auto asking = ask_reader(with, plan->store, std::move(plan->request), &bridge::gateway::ask_list);
  result<messages::list_page> page = co_await std::move(asking);
  if (!page) co_return pass_on(std::move(page));
  response out = response::json(200, wire::list_text(*page, values));
  add_read_headers(out, with, page->at);
  co_return out;
}

task<result<response>> get_collections(exchange& with) {
  auto source = source_of(with);
  if (!source) co_return pass_on(std::move(source));
  messages::collections_request request{with.context(), std::move(source->minimum)};
  auto ask = [&](std::int64_t left) {
    request.context.timeout_milliseconds = left;
    return with.gate().ask_collections(request);
  };
  const bool waits = !request.minimum.epoch.empty();
  auto asking = waits ? until_reached<messages::collections_reply>(with, request.minimum, ask)
                      : with.gate().ask_collections(request);
  result<messages::collections_reply> found = co_await std::move(asking);
  if (!found) co_return pass_on(std::move(found));
  response out = response::json(200, wire::collections_text(*found));
  add_read_headers(out, with, found->at);
  co_return out;
}

task<result<response>> post_documents(exchange& with) {
  if (wire::is_media_type(with.head().content_type, ndjson_type)) {
    auto loading = load_documents(with);
    co_return co_await std::move(loading);
  }
  for (const char* of_bulk : {"key_field", "if_absent"}) {
    if (with.query().find(of_bulk) != nullptr) {
      co_return fail(errc::invalid_parameter,
                     std::string(of_bulk) + " goes with application/x-ndjson");
    }
  }
  if (auto checked = check_json(with); !checked) co_return pass_on(std::move(checked));
  auto collection = collection_of(with);
  if (!collection) co_return pass_on(std::move(collection));
  auto body = co_await with.read_body(with.info().options.content.value);
  if (!body) co_return pass_on(std::move(body));
  auto canonical = wire::canonical_value(*body, with.info().options.content);
  if (!canonical) co_return pass_on(std::move(canonical));

  messages::write_request request{.context = with.context()};
  auto keyed = add_idempotency(request, with, *canonical);
  if (!keyed) co_return pass_on(std::move(keyed));
  document_id id{*std::move(collection), make_key(with)};
  request.operations.push_back(
      {.id = id, .value = *std::move(canonical), .condition = messages::precondition::missing});
  request.operations.front().value_hash = hash_value(request.operations.front().value);
  auto asking = with.gate().ask_write(std::move(request));
  result<messages::write_receipt> receipt = co_await std::move(asking);
  if (!receipt) co_return pass_on(std::move(receipt));
  // The same request came before, and made its key then.
  if (!receipt->repeated_key.empty()) {
    id.key = document_key::trusted(std::move(receipt->repeated_key));
  }
  const messages::operation_outcome& outcome = receipt->outcomes.at(0);
  response out = response::json(201, wire::receipt_text(id.key, outcome, receipt->at));
  out.add_header("Location", location_of(id));
  out.add_header("ETag", wire::etag(outcome.now));
  co_return out;
}

}  // namespace keelson::http
