#pragma once

#include <atomic>
#include <memory>
#include <string>

#include <leveldb/env.h>

namespace keelson::backends::leveldb {

/// The system's files, with what LevelDB leaves open about its write-ahead log:
///
/// - It begins a new log without syncing the one before, so that after a loss of power later writes
///   may be there without earlier ones. Here a log is synced before it is closed.
/// - The name of a new log may be lost with the power. Here the first sync of a log makes it last.
/// - When it opens, it leaves out what is damaged in a log and goes on behind it. Here the newest
///   log ends at the first fault, so that what is there is what was written up to one point; a
///   fault in an older one, which was synced, is a corruption.
class leveldb_env final : public ::leveldb::EnvWrapper {
 public:
  leveldb_env() : EnvWrapper(::leveldb::Env::Default()) {}

  ::leveldb::Status NewSequentialFile(const std::string& name,
                                      ::leveldb::SequentialFile** out) override;
  ::leveldb::Status NewWritableFile(const std::string& name,
                                    ::leveldb::WritableFile** out) override;

  /// Whether a log could not be synced: nothing is known then of what it should have made lasting.
  [[nodiscard]] bool sync_failed() const { return *sync_failed_; }

 private:
  std::shared_ptr<std::atomic<bool>> sync_failed_ = std::make_shared<std::atomic<bool>>(false);
};

}  // namespace keelson::backends::leveldb
