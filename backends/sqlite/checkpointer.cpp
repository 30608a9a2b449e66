#include "backends/sqlite/checkpointer.hpp"

#include <utility>

namespace keelson::backends::sqlite {

namespace {

/// Pages in the log at which the thread begins: 16 MiB, enough for hot pages to be copied once for
/// many commits, and few enough for readers to look them up quickly.
constexpr int begin_at_frames = 4096;

/// Pages that a commit may be asked to copy.
constexpr int few_frames = 256;

constexpr int most_passes = 4;

/// Pages at which a commit waits for the thread and copies the rest itself: 128 MiB. Only a disk or
/// a processor that cannot keep up leads there.
constexpr int hold_at_frames = 32768;

}  // namespace

result<std::unique_ptr<checkpointer>> checkpointer::start(const std::filesystem::path& file,
                                                          std::atomic<bool>& failed) {
  auto db = connection::open(file, open_mode::read_write);
  if (!db) return pass_on(std::move(db));
  if (auto done = db->run("PRAGMA synchronous = FULL"); !done) return pass_on(std::move(done));
  // The first read recovers what a crash left, and fails here if that cannot be done.
  if (auto done = db->run("SELECT log_id FROM ownership"); !done) return pass_on(std::move(done));
  return std::unique_ptr<checkpointer>(new checkpointer(std::move(*db), failed));
}

checkpointer::checkpointer(connection db, std::atomic<bool>& failed)
    : db_(std::move(db)), failed_(&failed), thread_([this] { run(); }) {}

checkpointer::~checkpointer() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_one();
  thread_.join();
  if (*failed_) sqlite3_db_config(db_.raw(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

void checkpointer::watch(connection& writer) {
  sqlite3_wal_hook(writer.raw(), &checkpointer::committed, this);
}

/// Its result would become that of the commit, which is done: so it is always success.
int checkpointer::committed(void* raw, sqlite3* db, const char*, int frames) {
  auto& self = *static_cast<checkpointer*>(raw);
  if (self.nearly_done_.exchange(false)) {
    self.copy(db);
  } else if (frames >= hold_at_frames) {
    const std::lock_guard turn(self.copying_);
    self.copy(db);
  } else if (frames >= begin_at_frames) {
    const std::lock_guard lock(self.mutex_);
    self.wanted_ = true;
    self.wake_.notify_one();
  }
  return SQLITE_OK;
}

void checkpointer::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return wanted_ || stop_; });
    if (stop_) return;
    lock.unlock();
    for (int pass = 0; pass < most_passes && !*failed_; ++pass) {
      const std::lock_guard turn(copying_);
      const int left = copy(db_.raw());
      sync_database();
      if (left < few_frames) break;
    }
    nearly_done_ = true;
    lock.lock();
    wanted_ = false;
  }
}

int checkpointer::copy(sqlite3* db) {
  if (*failed_) return 0;
  int frames = 0;
  int copied = 0;
  const int code =
      sqlite3_wal_checkpoint_v2(db, "main", SQLITE_CHECKPOINT_PASSIVE, &frames, &copied);
  if ((code & 0xff) == SQLITE_IOERR || (code & 0xff) == SQLITE_CORRUPT) *failed_ = true;
  return code == SQLITE_OK ? frames - copied : 0;
}

void checkpointer::sync_database() {
  // A checkpoint syncs the database only when it comes to the end of the log.
  sqlite3_file* file = nullptr;
  sqlite3_file_control(db_.raw(), "main", SQLITE_FCNTL_FILE_POINTER, &file);
  if (file->pMethods->xSync(file, SQLITE_SYNC_NORMAL) != SQLITE_OK) *failed_ = true;
}

}  // namespace keelson::backends::sqlite
