#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "protocols/model/clock.hpp"

namespace keelson::wire {

/// A UUID of version 7 (RFC 9562, 5.7): milliseconds in front, so that keys made later sort later,
/// then 74 random bits.
[[nodiscard]] std::string make_uuid_v7(timestamp now, std::array<std::uint64_t, 2> random);

}  // namespace keelson::wire
