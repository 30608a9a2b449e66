#include "protocols/http/response.hpp"

#include "protocols/wire/problem.hpp"
#include "protocols/wire/status_code.hpp"

namespace keelson::http {

response problem_response(const error& why) {
  const unsigned status = wire::status_of(why.code);
  response out{.status = status, .content_type = problem_type, .body = wire::problem_text(why)};
  if (status == 503) out.add_header("Retry-After", "1");
  return out;
}

}  // namespace keelson::http
