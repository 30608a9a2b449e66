#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/http/handler.hpp"
#include "protocols/http/scope.hpp"

namespace keelson::http {

/// Whose shape of errors, credentials and parameters a route follows.
enum class surface : std::uint8_t { native };

/// What the published description says of a route. The names of schemas are in
/// openapi_schemas.hpp.
struct route_doc {
  std::string_view id;
  std::string_view answers;       ///< words `STATUS` or `STATUS=TYPE:SCHEMA|TYPE:SCHEMA`
  std::string_view body = "";     ///< words `TYPE:SCHEMA`; `?` behind them: may be absent
  std::string_view headers = "";  ///< names of those that it heeds
};

/// One row of the API.
struct route {
  http::method method;
  std::string_view path;  ///< `{name}` stands for one segment; at most two of them
  http::surface surface;
  http::scope scope;
  std::string_view parameters;  ///< own names in the query, divided by spaces; `*`: repeatable
  http::handler handler;
  std::string_view summary;
  route_doc doc;
};

/// What every route takes in its query besides its own parameters.
inline constexpr std::string_view common_parameters = "timeout";

/// The whole API, in the order of api.md.
[[nodiscard]] std::span<const route> routes() noexcept;

/// The segments that stand for `{name}`s, still percent-encoded.
using path_segments = std::array<std::string_view, 2>;

struct route_match {
  const route* found = nullptr;  ///< null: see `allowed`
  path_segments segments;
  std::size_t segment_count = 0;
  std::string allowed;  ///< methods of a path that is known; empty: there is no such path
};

/// HEAD goes to GET's row.
[[nodiscard]] route_match match_route(http::method method, std::string_view path);

/// invalid_parameter for a name that the route does not list, and for one that comes twice.
[[nodiscard]] result<void> check_parameters(const route& of, const wire::query& query);

}  // namespace keelson::http
