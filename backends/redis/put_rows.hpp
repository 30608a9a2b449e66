#pragma once

#include <span>

#include "backends/redis/command_buffer.hpp"
#include "backends/redis/layout.hpp"
#include "backends/redis/reply.hpp"
#include "backends/store.hpp"

namespace keelson::backends::redis {

/// How often a write is begun anew because somebody touched what it watches without moving it.
inline constexpr int most_tries = 3;

/// The documents and indexes of either role, to be written within a MULTI. Every key is deleted
/// first, so that afterwards it is what we write and nothing else, whatever it was, and without a
/// time to live.
void put_rows(command_buffer& out, const layout& names, std::span<const row_view> rows);

/// Of the replies of an EXEC that was carried out. store_corrupt when one of its commands failed:
/// the rest took effect, and the store looks as if it held all of it.
[[nodiscard]] result<void> whole_effect(const reply& executed);

}  // namespace keelson::backends::redis
