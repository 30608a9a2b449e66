#pragma once

#include "protocols/http/handler.hpp"

namespace keelson::http {

/// `GET /v1/changes`: a page, server-sent events, or the upgrade to a WebSocket.
[[nodiscard]] task<result<response>> get_changes(exchange& with);
/// Its query parameters, as the route table lists them.
inline constexpr std::string_view changes_parameters =
    "collection* prefix since values limit wait access_token";

}  // namespace keelson::http
