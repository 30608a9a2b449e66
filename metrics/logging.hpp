#pragma once

#include <cstdint>

namespace keelson::metrics {

enum class log_level : std::uint8_t { debug, info, warning, error };
enum class log_format : std::uint8_t {
  text,  ///< `time=... level=... component=... key=value ...`, one line an event
  json,  ///< the same in an object, each value a string
};

/// Sets up the one logger of the process, which writes to standard error.
void start_logging(log_level level, log_format format);

/// From now on; from any thread.
void set_log_level(log_level level);

/// Writes out what is buffered, while others may still log.
void flush_log();

/// Writes out what is buffered; the last thing before the process ends.
void finish_logging();

}  // namespace keelson::metrics
