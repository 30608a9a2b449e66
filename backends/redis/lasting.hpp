#pragma once

#include "backends/redis/command_buffer.hpp"
#include "backends/redis/connection.hpp"

/// Whether a server keeps what it has answered, which a primary needs: it appends each write to its
/// file and syncs that before it answers (redis.io/docs/latest/operate/oss_and_stack/management/
/// persistence, "appendfsync always").
namespace keelson::backends::redis {

/// Asks for the settings; may stand within a MULTI, so that they are those of its writes.
void ask_lasting(command_buffer& out);

/// not_supported, with what has to be set, unless the reply shows that writes last; unavailable
/// when it shows that we may not know.
[[nodiscard]] result<void> check_lasting(const reply& answer);

/// Asks and checks; also unavailable while an append-only file that was switched on at run time is
/// only being made.
[[nodiscard]] result<void> check_lasting(connection& server);

}  // namespace keelson::backends::redis
