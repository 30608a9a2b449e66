#pragma once

#include <string>
#include <string_view>

#include "protocols/wire/limits.hpp"

namespace keelson::http {

/// The API as an OpenAPI 3.1 document, made from the route table: paths, parameters, bodies,
/// answers, scopes.
[[nodiscard]] std::string openapi_text(std::string_view version,
                                       const wire::content_limits& limits);

}  // namespace keelson::http
