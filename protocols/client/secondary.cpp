#include <ostream>

#include "protocols/client/blocking_client.hpp"
#include "protocols/client/commands.hpp"
#include "protocols/client/endpoint.hpp"
#include "protocols/client/json_slice.hpp"

namespace keelson::client {

exit_status run_operator(const operator_options& options, console& io) {
  http_request request{
      .method = "POST",
      .target = "/v1/secondaries/" + percent_encode(options.name) + '/' + options.verb,
      .fields = {{"Content-Type", "application/json"}},
      .body = options.confirm ? R"({"confirm":true})" : "{}"};
  return ask(options.service, io, request, [&](const http_response& answer) {
    if (options.service.form == output_form::json) {
      io.out << answer.body << '\n';
    } else {
      const auto state = member_column(answer.body, "state");
      io.out << member_column(answer.body, "name") << '\t'
             << painted(io.out_palette, tone_of_state(state), state) << '\t'
             << member_column(answer.body, "applied_position") << '\t'
             << member_column(answer.body, "reason") << '\n';
    }
    return exit_status::done;
  });
}

}  // namespace keelson::client
