#pragma once

#include <string>

#include "tests/conformance/trial.hpp"

namespace keelson::conformance {

/// Another process that opened a place as a scribe does, wrote to it and keeps it open until it is
/// killed. This same program, run with only the hidden test case that plays the part.
class other_process {
 public:
  /// Returns when the other has written `commits` commits.
  other_process(const trial& place, int commits);
  ~other_process();
  other_process(const other_process&) = delete;
  other_process& operator=(const other_process&) = delete;

  /// As by kill -9; returns when it is gone.
  void kill();

 private:
  int process_ = -1;
};

}  // namespace keelson::conformance
