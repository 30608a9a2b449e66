#include "protocols/http/handlers.hpp"
#include "protocols/http/list_request.hpp"
#include "protocols/http/until_reached.hpp"
#include "protocols/wire/documents.hpp"

namespace keelson::http {

namespace {

/// Appends the lines of a page, and moves the digest by what they show.
void append_lines(std::string& to, set_digest& sent, const messages::list_page& page,
                  messages::list_values values) {
  for (const document& each : page.documents) {
    wire::append_item(to, each, values);
    to.push_back('\n');
    sent.add(values == messages::list_values::with
                 ? hash_document(each.id, each.version, each.meta, hash_value(each.value))
                 : each.hash);
  }
}

}  // namespace

task<result<response>> stream_documents(exchange& with, list_plan plan) {
  auto asking = ask_reader(with, plan.store, plan.request, &bridge::gateway::ask_list);
  result<messages::list_page> page = co_await std::move(asking);
  if (!page) co_return pass_on(std::move(page));
  const position at = page->at;
  response head{.content_type = ndjson_type};
  add_read_headers(head, with, at);
  auto opening = with.open_stream(std::move(head));
  if (!co_await std::move(opening)) co_return response::streamed();

  // What was reached once stays reached.
  plan.request.minimum = {};
  set_digest sent;
  while (true) {
    std::string lines;
    append_lines(lines, sent, *page, plan.request.values);
    const bool last = page->at_end != 0 || page->documents.empty();
    if (last) lines.append(wire::list_trailer(at, sent));
    auto sending = with.send(lines);
    if (!co_await std::move(sending) || last) co_return response::streamed();
    plan.request.after = page->documents.back().id.key.text();
    auto more = with.gate().ask_list(plan.store, plan.request);
    page = co_await std::move(more);
    if (!page) co_return pass_on(std::move(page));
  }
}

}  // namespace keelson::http
