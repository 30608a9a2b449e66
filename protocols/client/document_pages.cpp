#include "protocols/client/document_pages.hpp"

#include "protocols/client/endpoint.hpp"
#include "protocols/client/json_slice.hpp"

namespace keelson::client {

http_request document_page_request(const list_options& options, const std::string& after,
                                   std::uint64_t items) {
  query_builder query;
  query.add("prefix", options.prefix).add("after", after).add("store", options.store);
  query.add("limit", std::to_string(items));
  if (options.reverse) query.add("reverse", "true");
  if (options.keys_only) query.add("values", "false");
  return {.target = "/v1/kv/" + percent_encode(options.collection) + query.text()};
}

result<document_page> parse_document_page(std::string_view body) {
  const auto items = json_member(body, "items");
  auto elements = items ? json_elements(*items) : std::nullopt;
  if (!elements) return fail(errc::internal, "the service's answer is no page of items");
  return document_page{std::move(*elements), json_string_member(body, "next"),
                       json_string_member(body, "position")};
}

}  // namespace keelson::client
