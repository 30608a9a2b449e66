#pragma once

#include <cstddef>
#include <span>

#include "backends/redis/command_buffer.hpp"
#include "backends/redis/connection.hpp"

/// Whether a server keeps what it has answered, which a primary needs: it appends each write to its
/// file and syncs that before it answers (redis.io/docs/latest/operate/oss_and_stack/management/
/// persistence, "appendfsync always").
namespace keelson::backends::redis {

/// Asks for the settings; may stand within a MULTI, so that they are those of its writes.
void ask_lasting(command_buffer& out);
/// How many commands that is.
inline constexpr std::size_t lasting_questions = 2;

/// not_supported, with what has to be set, unless the replies show that writes last and stay;
/// unavailable when they show that we may not know.
[[nodiscard]] result<void> check_lasting(std::span<const reply> answers);

/// Asks and checks; also unavailable while an append-only file that was switched on at run time is
/// only being made.
[[nodiscard]] result<void> check_lasting(connection& server);

}  // namespace keelson::backends::redis
