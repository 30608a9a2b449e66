#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "protocols/client/console.hpp"

namespace keelson::client {

/// How far something is.
struct progress {
  double fraction = 0;      ///< in 0..1; negative when the whole is not known
  std::uint64_t items = 0;  ///< of what the bar's unit names
};

/// One line of progress: `  42 % [########            ] 56,000 documents, 41,203/s, 2 s left`. The
/// rate and what is left of the time are those of this run, which began at `begun`.
[[nodiscard]] std::string progress_line(progress now, std::string_view unit,
                                        std::chrono::duration<double> passed, progress begun = {});

/// Draws that line over itself on a terminal, at most ten times a second; on anything else it
/// draws nothing.
class progress_bar {
 public:
  using clock = std::chrono::steady_clock;

  progress_bar(console& io, std::string_view unit);
  ~progress_bar();
  progress_bar(const progress_bar&) = delete;
  progress_bar& operator=(const progress_bar&) = delete;

  /// What was there before this run, and when it began.
  void begin(progress from, clock::time_point now);
  void show(progress now, clock::time_point at);

  /// Writes a line of its own to the error stream and keeps the bar below it.
  void note(std::string_view line);
  /// The same of what has failed.
  void complain(std::string_view why);

  /// Takes the bar away.
  void clear();

 private:
  console& io_;
  std::string unit_;
  progress begun_;
  clock::time_point started_ = clock::now();
  clock::time_point drawn_{};
  bool visible_ = false;
};

}  // namespace keelson::client
