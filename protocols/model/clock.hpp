#pragma once

#include <functional>

#include "protocols/model/document.hpp"

namespace keelson {

/// Where the time of a change comes from. Passed in, so that tests and simulations own the time.
using wall_clock = std::function<timestamp()>;

/// The machine's clock.
[[nodiscard]] wall_clock system_wall_clock();

/// Microseconds since any moment; goes on evenly, whatever is done to the clocks.
using elapsed_time = std::function<std::int64_t()>;

[[nodiscard]] elapsed_time steady_elapsed_time();

/// What ages are judged by: `wall`, but never further on than the time that has really passed
/// since this was made. So nothing is old because the machine's clock was set forward.
[[nodiscard]] wall_clock ageing_clock(wall_clock wall, elapsed_time elapsed);

/// RFC 3339 in UTC with microseconds: 2026-01-31T09:00:00.123456Z.
void append_rfc3339(std::string& out, timestamp time);

/// The date of an HTTP header (RFC 9110 section 5.6.7): Sat, 31 Jan 2026 09:00:00 GMT.
[[nodiscard]] std::string http_date(timestamp time);

}  // namespace keelson
