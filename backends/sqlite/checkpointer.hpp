#pragma once

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <thread>

#include "backends/sqlite/connection.hpp"

namespace keelson::backends::sqlite {

/// Copies the write-ahead log into the database on a thread and a connection of its own.
///
/// SQLite's automatic checkpoint runs inside the commit that passes a limit and makes that commit
/// wait for thousands of page writes and a sync. Here the thread copies and syncs while commits go
/// on. The log can start from its beginning again only when nothing is left to copy, and under
/// constant writing the thread never gets there alone; so, when it is nearly done, the next commit
/// copies the little that came since.
///
/// Until a page's copy is synced the log keeps it, so a crash at any moment loses nothing. A failed
/// sync or write is final: the store is failed, and nothing is copied any more, also not at the
/// close, so that whoever opens it next recovers from the whole log.
class checkpointer {
 public:
  /// `failed` is the store's, and outlives this.
  [[nodiscard]] static result<std::unique_ptr<checkpointer>> start(
      const std::filesystem::path& file, std::atomic<bool>& failed);
  /// Ends the thread and closes its connection, which copies and removes the log if no other
  /// connection is left.
  ~checkpointer();

  /// From now on the commits of this connection, and no automatism of its own, keep the log short.
  void watch(connection& writer);

 private:
  checkpointer(connection db, std::atomic<bool>& failed);
  static int committed(void* raw, sqlite3* db, const char* schema, int frames);
  void run();
  /// Copies what it can without waiting for anybody; the frames that are left.
  int copy(sqlite3* db);
  void sync_database();

  connection db_;
  std::atomic<bool>* failed_;
  std::atomic<bool> nearly_done_ = false;
  std::mutex copying_;  // held for one pass
  std::mutex mutex_;    // of what follows
  std::condition_variable wake_;
  bool wanted_ = false;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace keelson::backends::sqlite
