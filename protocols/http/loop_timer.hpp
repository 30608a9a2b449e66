#pragma once

#include <chrono>

#include <boost/asio/basic_waitable_timer.hpp>

#include "protocols/bridge/io.hpp"

namespace keelson::http {

/// A timer of one IO thread.
using loop_timer =
    bridge::asio::basic_waitable_timer<std::chrono::steady_clock,
                                       bridge::asio::wait_traits<std::chrono::steady_clock>,
                                       bridge::executor>;

}  // namespace keelson::http
