#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <thread>

#include "backends/memory/memory_kv.hpp"

namespace keelson::backends::memory {

/// A place in memory with a file that it is loaded from, and saved to at times and at its end, if
/// it has changed. What cannot be saved is logged and tried again the next time.
class saved_place {
 public:
  /// Fails as read_backup does; then the file is as it was.
  [[nodiscard]] static result<std::shared_ptr<memory_kv>> open(const std::filesystem::path& file,
                                                               std::chrono::seconds every);
  ~saved_place();
  saved_place(const saved_place&) = delete;
  saved_place& operator=(const saved_place&) = delete;

 private:
  saved_place(std::filesystem::path file, tree root, std::chrono::seconds every);
  void keep_saving(const std::stop_token& stop, std::chrono::seconds every);
  void save();

  std::filesystem::path file_;
  tree saved_;  ///< used by one thread at a time
  memory_kv kv_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread saver_;
};

}  // namespace keelson::backends::memory
