#pragma once

#include <chrono>
#include <string>

#include "protocols/client/blocking_client.hpp"
#include "protocols/client/progress_bar.hpp"

namespace keelson::client {

/// Asks what may be asked twice until there is an answer that is none of those that pass (429, 502,
/// 503, 504 and 507), nothing has come for `retry_for`, or there was a signal; the last answer or
/// failure then. Says once on the bar that it waits.
[[nodiscard]] result<http_response> ask_patiently(blocking_client& service,
                                                  const http_request& request,
                                                  const std::string& url,
                                                  std::chrono::seconds retry_for,
                                                  progress_bar& bar);

}  // namespace keelson::client
