#pragma once

#include <mutex>

#include "metrics/registry.hpp"

namespace keelson::metrics {

/// Figures of the process, from /proc (proc(5)).
class process_metrics {
 public:
  explicit process_metrics(registry& in);
  /// Reads them anew; to be called before each exposition, from any thread. A figure that cannot be
  /// read keeps its last value.
  void refresh();

 private:
  std::mutex mutex_;
  gauge resident_bytes_;
  gauge virtual_bytes_;
  counter cpu_seconds_;
  gauge open_descriptors_;
  gauge most_descriptors_;
  gauge threads_;
  gauge start_time_;
};

}  // namespace keelson::metrics
