#include "protocols/http/request_options.hpp"

#include <algorithm>

#include "protocols/http/service_info.hpp"
#include "protocols/wire/media_type.hpp"
#include "protocols/wire/query.hpp"

namespace keelson::http {

result<collection_name> collection_of(const exchange& with) {
  return collection_name::parse(with.path_parameter(0));
}

result<document_id> document_of(const exchange& with) {
  auto collection = collection_of(with);
  if (!collection) return pass_on(std::move(collection));
  auto key = document_key::parse(with.path_parameter(1), with.info().options.content.key);
  if (!key) return pass_on(std::move(key));
  return document_id{*std::move(collection), *std::move(key)};
}

result<read_source> source_of(const exchange& with) {
  read_source source;
  if (const std::string* const name = with.query().find("store")) {
    const auto found = with.gate().find_store(*name);
    if (!found) return fail(errc::invalid_parameter, "there is no store of that name");
    source.store = *found;
  }
  if (const std::string* const text = with.query().find("min_position")) {
    auto minimum = position::parse(*text);
    if (!minimum) return pass_on(std::move(minimum));
    source.minimum = *std::move(minimum);
  }
  return source;
}

void add_read_headers(response& to, const exchange& with, const position& at) {
  to.add_header("Keelson-Position", at.text());
  if (const std::string* const name = with.query().find("store"))
    to.add_header("Keelson-Store", *name);
}

result<verify_mode> verify_of(const exchange& with, verify_mode unless_said) {
  const std::string* const text = with.query().find("verify");
  if (text == nullptr) return unless_said;
  if (*text == "off") return verify_mode::off;
  if (*text == "async") return verify_mode::async;
  if (*text == "wait") return verify_mode::wait;
  return fail(errc::invalid_parameter, "verify is off, async or wait");
}

result<flag> flag_of(const exchange& with, std::string_view name, flag unless_said) {
  const std::string* const text = with.query().find(name);
  if (text == nullptr) return unless_said;
  if (*text == "true") return flag::on;
  if (*text == "false") return flag::off;
  return fail(errc::invalid_parameter, std::string(name) + " is true or false");
}

result<void> check_json(const exchange& with) {
  const std::string_view type = with.head().content_type;
  if (type.empty() || wire::is_media_type(type, json_type)) return {};
  return fail(errc::unsupported_media_type, "the body is application/json here");
}

result<void> add_idempotency(messages::write_request& to, const exchange& with,
                             std::string_view canonical_body) {
  constexpr std::size_t longest = 255;
  const request_head& head = with.head();
  if (head.idempotency_key.data() == nullptr) return {};
  const auto printable = [](char c) { return c > ' ' && c <= '~'; };
  if (head.idempotency_key.empty() || head.idempotency_key.size() > longest ||
      !std::ranges::all_of(head.idempotency_key, printable)) {
    return fail(errc::invalid_parameter,
                "an Idempotency-Key is 1 to 255 printable ASCII characters without spaces");
  }
  to.idempotency_key = head.idempotency_key;
  field_hasher fields;
  // As they are meant, however they are encoded: a client that encodes otherwise when it sends a
  // request again still sends the same one.
  fields.text(to_string(head.method)).text(wire::percent_decode(head.path).value_or(""));
  std::string query;
  for (const auto& [name, value] : with.query().parameters()) {
    query.append(query.empty() ? "" : "&").append(name).append("=").append(value);
  }
  fields.text(query).text(head.if_match).text(head.if_none_match).text(canonical_body);
  to.fingerprint = fields.finish();
  return {};
}

}  // namespace keelson::http
