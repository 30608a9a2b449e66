#pragma once

#include <string>
#include <string_view>

#include "protocols/bridge/gateway.hpp"
#include "protocols/http/handler.hpp"
#include "protocols/messages/write_request.hpp"

namespace keelson::http {

/// `{collection}` and `{key}` of the path.
[[nodiscard]] result<document_id> document_of(const exchange& with);
[[nodiscard]] result<collection_name> collection_of(const exchange& with);

/// What `?store=` and `?min_position=` say of a read.
struct read_source {
  bridge::store_slot store = bridge::store_slot::primary;
  position minimum;
};
[[nodiscard]] result<read_source> source_of(const exchange& with);

/// Adds what every read says: its position, and the store when it was asked for by name.
void add_read_headers(response& to, const exchange& with, const position& at);

enum class verify_mode : std::uint8_t { off, async, wait };
[[nodiscard]] result<verify_mode> verify_of(const exchange& with, verify_mode unless_said);

/// `true` or `false`.
enum class flag : bool { off, on };
[[nodiscard]] result<flag> flag_of(const exchange& with, std::string_view name, flag unless_said);

/// unsupported_media_type unless the body is JSON, or says nothing of what it is.
[[nodiscard]] result<void> check_json(const exchange& with);

/// Takes the key and computes what the request is told apart by: method, path, query, both
/// decoded, preconditions and canonical body.
[[nodiscard]] result<void> add_idempotency(messages::write_request& to, const exchange& with,
                                           std::string_view canonical_body);

}  // namespace keelson::http
