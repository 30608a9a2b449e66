#pragma once

#include <chrono>
#include <string>
#include <thread>

namespace keelson::system {

/// SIGINT, SIGTERM and SIGHUP as values. Blocks them in the calling thread and those it starts.
void block_signals();
/// Waits for one. SIGHUP asks to read the settings again, the others to end.
[[nodiscard]] int wait_for_signal();

/// Ends the process and leaves behind what still runs or hangs: everything acknowledged is durable.
[[noreturn]] void end_at_once(const std::string& reason);

/// While it lives, an ending signal ends the process at once.
[[nodiscard]] std::jthread end_at_signal(std::string reason);
/// While it lives, an ending signal that is no echo of the first, or the passing of the patience,
/// ends the process at once.
[[nodiscard]] std::jthread end_at_second_signal(std::chrono::milliseconds patience);

}  // namespace keelson::system
