#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "protocols/client/console.hpp"

namespace keelson::client {

/// One line of progress: `  42 % [########            ] 56,000 documents, 41,203/s, 2 s left`.
/// `fraction` is in 0..1, negative when the whole is not known; `items` counts what `unit` names.
[[nodiscard]] std::string progress_line(double fraction, std::uint64_t items, std::string_view unit,
                                        std::chrono::duration<double> passed);

/// Draws that line over itself on a terminal, at most ten times a second; on anything else it
/// draws nothing.
class progress_bar {
 public:
  using clock = std::chrono::steady_clock;

  progress_bar(console& io, std::string_view unit, clock::time_point started);
  ~progress_bar();
  progress_bar(const progress_bar&) = delete;
  progress_bar& operator=(const progress_bar&) = delete;

  void show(double fraction, std::uint64_t items, clock::time_point now);

  /// Writes a line of its own to the error stream and keeps the bar below it.
  void note(std::string_view line);

  /// Takes the bar away.
  void clear();

 private:
  console& io_;
  std::string unit_;
  clock::time_point started_;
  clock::time_point drawn_{};
  bool visible_ = false;
};

}  // namespace keelson::client
