#include <algorithm>
#include <ostream>

#include "protocols/client/blocking_client.hpp"
#include "protocols/client/commands.hpp"
#include "protocols/client/document_pages.hpp"
#include "protocols/client/json_slice.hpp"

namespace keelson::client {

namespace {

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
    const auto request = document_page_request(options, after, std::min(left, page_items));
    const auto answer = service->exchange(request);
    if (!answer) return report_unreachable(io, options.service.url, answer.error());
    if (answer->status >= 300) return report_refusal(io, *answer);
    auto found = parse_document_page(answer->body);
    if (!found) {
      complain(io, found.error().detail);
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
