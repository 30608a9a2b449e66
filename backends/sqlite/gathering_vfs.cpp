#include "backends/sqlite/gathering_vfs.hpp"

#include <cstddef>
#include <memory>
#include <new>
#include <vector>

namespace keelson::backends::sqlite {

namespace {

/// At which it is handed on even without a sync. SQLite's files for Unix take less than 128 KiB at
/// a time (seekAndWriteFd() in its os_unix.c), and a single write of SQLite is 64 KiB at most.
constexpr std::size_t most_gathered = std::size_t{64} << 10;

sqlite3_vfs& system_vfs() {
  static sqlite3_vfs& found = *sqlite3_vfs_find(nullptr);
  return found;
}

/// A write-ahead log that gathers. SQLite allocates it; the system's file lies behind it.
struct log_file : sqlite3_file {
  std::vector<char> gathered;  ///< what comes at `offset`
  sqlite3_int64 offset = 0;

  [[nodiscard]] sqlite3_file& real() { return *reinterpret_cast<sqlite3_file*>(this + 1); }

  [[nodiscard]] bool goes_on_at(sqlite3_int64 at) const {
    return at == offset + static_cast<sqlite3_int64>(gathered.size());
  }

  /// What could not be written is let go: SQLite takes the commit back.
  int hand_on() {
    if (gathered.empty()) return SQLITE_OK;
    const int code = real().pMethods->xWrite(&real(), gathered.data(),
                                             static_cast<int>(gathered.size()), offset);
    gathered.clear();
    return code;
  }
};

log_file& log_of(sqlite3_file* file) {
  return *static_cast<log_file*>(file);
}

/// Calls one of the real file's methods after what was gathered is in the file.
template <class Call>
int after_handing_on(sqlite3_file* file, Call call) {
  auto& log = log_of(file);
  const int code = log.hand_on();
  return code == SQLITE_OK ? call(log.real()) : code;
}

int close(sqlite3_file* file) {
  auto& log = log_of(file);
  const int handed_on = log.hand_on();
  const int closed = log.real().pMethods->xClose(&log.real());
  std::destroy_at(&log);
  return handed_on == SQLITE_OK ? closed : handed_on;
}

int read(sqlite3_file* file, void* into, int bytes, sqlite3_int64 offset) {
  return after_handing_on(
      file, [=](sqlite3_file& real) { return real.pMethods->xRead(&real, into, bytes, offset); });
}

int write(sqlite3_file* file, const void* from, int bytes, sqlite3_int64 offset) {
  auto& log = log_of(file);
  const auto size = static_cast<std::size_t>(bytes);
  if (!log.goes_on_at(offset) || log.gathered.size() + size > most_gathered) {
    if (const int code = log.hand_on(); code != SQLITE_OK) return code;
  }
  if (log.gathered.empty()) log.offset = offset;
  try {
    const auto* const first = static_cast<const char*>(from);
    log.gathered.insert(log.gathered.end(), first, first + size);
  } catch (const std::bad_alloc&) {
    log.gathered.clear();
    return SQLITE_IOERR_NOMEM;
  }
  return SQLITE_OK;
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
  return after_handing_on(
      file, [=](sqlite3_file& real) { return real.pMethods->xTruncate(&real, size); });
}

int sync(sqlite3_file* file, int flags) {
  return after_handing_on(file,
                          [=](sqlite3_file& real) { return real.pMethods->xSync(&real, flags); });
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
  return after_handing_on(
      file, [=](sqlite3_file& real) { return real.pMethods->xFileSize(&real, size); });
}

int file_control(sqlite3_file* file, int op, void* argument) {
  return after_handing_on(
      file, [=](sqlite3_file& real) { return real.pMethods->xFileControl(&real, op, argument); });
}

int sector_size(sqlite3_file* file) {
  auto& real = log_of(file).real();
  return real.pMethods->xSectorSize(&real);
}

int device_characteristics(sqlite3_file* file) {
  auto& real = log_of(file).real();
  return real.pMethods->xDeviceCharacteristics(&real);
}

/// SQLite locks and maps the database's file, never the log's.
constexpr sqlite3_io_methods log_methods{
    .iVersion = 1,
    .xClose = &close,
    .xRead = &read,
    .xWrite = &write,
    .xTruncate = &truncate,
    .xSync = &sync,
    .xFileSize = &file_size,
    .xLock = nullptr,
    .xUnlock = nullptr,
    .xCheckReservedLock = nullptr,
    .xFileControl = &file_control,
    .xSectorSize = &sector_size,
    .xDeviceCharacteristics = &device_characteristics,
};

int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* flags_out) {
  auto& system = system_vfs();
  if ((flags & SQLITE_OPEN_WAL) == 0) return system.xOpen(&system, name, file, flags, flags_out);
  auto& log = *std::construct_at(static_cast<log_file*>(file));
  const int code = system.xOpen(&system, name, &log.real(), flags, flags_out);
  if (code == SQLITE_OK) {
    log.pMethods = &log_methods;
  } else {
    std::destroy_at(&log);
    file->pMethods = nullptr;
  }
  return code;
}

sqlite3_vfs registered() {
  auto vfs = system_vfs();
  vfs.zName = "keelson-gathering";
  vfs.szOsFile += static_cast<int>(sizeof(log_file));
  vfs.pNext = nullptr;
  vfs.xOpen = &open;
  return vfs;
}

}  // namespace

const char* gathering_vfs() {
  static sqlite3_vfs vfs = registered();
  static const int registering = sqlite3_vfs_register(&vfs, 0);
  return registering == SQLITE_OK ? vfs.zName : nullptr;
}

void drop_gathered(sqlite3* db) {
  sqlite3_file* log = nullptr;
  const int code = sqlite3_file_control(db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
  if (code == SQLITE_OK && log != nullptr && log->pMethods == &log_methods) {
    log_of(log).gathered.clear();
  }
}

}  // namespace keelson::backends::sqlite
