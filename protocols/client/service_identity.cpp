#include "protocols/client/service_identity.hpp"

#include "protocols/client/json_slice.hpp"
#include "protocols/model/backoff.hpp"

namespace keelson::client {

result<service_identity> identify(blocking_client& service, const std::string& url,
                                  std::chrono::seconds retry_for, progress_bar& bar) {
  using clock = std::chrono::steady_clock;
  backoff pause({.most = std::chrono::seconds(5)});
  const auto until = clock::now() + retry_for;
  service_identity found;
  bool told = false;
  for (;;) {
    auto answer = service.exchange({.target = "/v1/status"});
    if (answer && answer->status < 300) {
      found.log_id = json_string_member(answer->body, "log_id");
      found.epoch = epoch_of(json_string_member(answer->body, "position"));
    }
    if (answer && answer->status != 429 && answer->status != 503) return found;
    if (clock::now() >= until || service.signal() != 0)
      return answer ? fail(errc::unavailable, "it is not ready") : pass_on(std::move(answer));
    if (!told) bar.note("keelson: waiting for the service at " + url);
    told = true;
    service.pause(pause.next());
  }
}

std::string epoch_of(std::string_view position) {
  return std::string(position.substr(0, position.find(':')));
}

}  // namespace keelson::client
