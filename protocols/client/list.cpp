#include <algorithm>
#include <ostream>

#include "protocols/client/blocking_client.hpp"
#include "protocols/client/commands.hpp"
#include "protocols/client/endpoint.hpp"
#include "protocols/client/json_slice.hpp"

namespace keelson::client {

namespace {

/// Items a request: pages of documents of 1 MiB still fit into memory.
constexpr std::uint64_t page_items = 250;

struct page {
  std::vector<std::string_view> items;
  std::string next;  ///< empty at the end
};

result<page> parse_page(std::string_view body) {
  const auto items = json_member(body, "items");
  auto elements = items ? json_elements(*items) : std::nullopt;
  if (!elements) return fail(errc::internal, "the service's answer is no page of items");
  return page{std::move(*elements), json_string_member(body, "next")};
}

http_request page_request(const list_options& options, const std::string& after,
                          std::uint64_t items) {
  query_builder query;
  query.add("prefix", options.prefix).add("after", after).add("store", options.store);
  query.add("limit", std::to_string(items));
  if (options.reverse) query.add("reverse", "true");
  if (options.keys_only) query.add("values", "false");
  return {.target = "/v1/kv/" + percent_encode(options.collection) + query.text()};
}

void print_item(console& io, output_form form, std::string_view item) {
  if (form == output_form::json) {
    io.out << item << '\n';
    return;
  }
  io.out << member_column(item, "key") << '\t' << member_column(item, "version");
  if (const auto value = json_member(item, "value")) io.out << '\t' << *value;
  io.out << '\n';
}

}  // namespace

exit_status run_list(const list_options& options, console& io) {
  auto service = blocking_client::make(options.service);
  if (!service) return report_usage(io, service.error());
  std::string after = options.after;
  std::uint64_t left = options.limit.value_or(UINT64_MAX);
  while (left > 0 && io.out) {
    const auto request = page_request(options, after, std::min(left, page_items));
    const auto answer = service->exchange(request);
    if (!answer) return report_unreachable(io, options.service.url, answer.error());
    if (answer->status >= 300) return report_refusal(io, *answer);
    auto found = parse_page(answer->body);
    if (!found) {
      io.err << "keelson: " << found.error().detail << '\n';
      return exit_status::refused;
    }
    for (const auto item : found->items) print_item(io, options.service.form, item);
    left -= std::min<std::uint64_t>(left, found->items.size());
    if (found->next.empty() || found->next == after) break;
    after = std::move(found->next);
  }
  return written(io, exit_status::done);
}

}  // namespace keelson::client
