#pragma once

#include <functional>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "protocols/client/endpoint.hpp"
#include "protocols/model/error.hpp"

namespace keelson::client {

/// Follows one WebSocket connection to /v1/changes: sends `first_frame`, then hands every text
/// frame to `on_frame` until that returns false. Fails with `unavailable` when there is no
/// connection or it breaks, is silent for 45 s, or the service is not ready; with the code of its
/// answer when it refuses the upgrade.
[[nodiscard]] boost::asio::awaitable<result<void>> follow(
    boost::asio::io_context& context, const endpoint& target, const std::string& token,
    const std::string& first_frame, const std::function<bool(std::string_view)>& on_frame);

}  // namespace keelson::client
