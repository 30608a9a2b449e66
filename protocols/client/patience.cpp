#include "protocols/client/patience.hpp"

#include <algorithm>
#include <array>

#include "protocols/model/backoff.hpp"

namespace keelson::client {

result<http_response> ask_patiently(blocking_client& service, const http_request& request,
                                    const std::string& url, std::chrono::seconds retry_for,
                                    progress_bar& bar) {
  using clock = std::chrono::steady_clock;
  static constexpr std::array passing{429, 502, 503, 504, 507};
  backoff pause({.most = std::chrono::seconds(5)});
  const auto until = clock::now() + retry_for;
  for (bool told = false;; told = true) {
    auto answer = service.exchange(request);
    const bool again = !answer || std::ranges::find(passing, answer->status) != passing.end();
    if (!again || clock::now() >= until || service.signal() != 0) return answer;
    if (!told) bar.note("keelson: waiting for the service at " + url);
    service.pause(pause.next());
  }
}

}  // namespace keelson::client
