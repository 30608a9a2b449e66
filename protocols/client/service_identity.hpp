#pragma once

#include <chrono>
#include <string>

#include "protocols/client/blocking_client.hpp"
#include "protocols/client/progress_bar.hpp"

namespace keelson::client {

/// Which history a service serves.
struct service_identity {
  std::string log_id;  ///< empty if it did not say
  std::string epoch;   ///< empty if it did not say
};

/// Asks it until it answers; after `retry_for`, or a signal, fails with the last reason. Says once
/// on the bar that it waits.
[[nodiscard]] result<service_identity> identify(blocking_client& service, const std::string& url,
                                                std::chrono::seconds retry_for, progress_bar& bar);

/// The epoch of a position.
[[nodiscard]] std::string epoch_of(std::string_view position);

}  // namespace keelson::client
