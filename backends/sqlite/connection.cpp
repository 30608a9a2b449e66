#include "backends/sqlite/connection.hpp"

#include <array>
#include <utility>

#include "backends/sqlite/gathering_vfs.hpp"

namespace keelson::backends::sqlite {

namespace {

/// How long a statement waits for a lock, say while somebody edits the file with the sqlite3 tool.
constexpr int busy_milliseconds = 5000;

errc code_of(int code) {
  switch (code & 0xff) {
    case SQLITE_FULL:
      return errc::storage_full;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_ERROR:  // a table or column is not there: the statements themselves are tested
      return errc::store_corrupt;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return errc::unavailable;
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG:
    case SQLITE_RANGE:
    case SQLITE_MISUSE:
      return errc::internal;
    default:
      return errc::store_io;
  }
}

int flags_of(open_mode mode) {
  constexpr int always = SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  switch (mode) {
    case open_mode::create:
      return always | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    case open_mode::read_write:
    case open_mode::gathering:
      return always | SQLITE_OPEN_READWRITE;
    case open_mode::read_only:
    case open_mode::untouched:
    case open_mode::immutable:
      return always | SQLITE_OPEN_READONLY;
  }
  return always;
}

/// A file name as SQLite's URI form takes it (https://www.sqlite.org/uri.html).
std::string uri_of(const std::filesystem::path& file, open_mode mode) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string uri = "file:";
  const auto whole = std::filesystem::absolute(file);
  for (const char c : whole.native()) {
    if (c == '%' || c == '?' || c == '#') {
      const auto byte = static_cast<unsigned char>(c);
      uri += '%';
      uri += digits[byte >> 4];
      uri += digits[byte & 15];
    } else {
      uri += c;
    }
  }
  if (mode == open_mode::untouched) uri += "?readonly_shm=1";
  if (mode == open_mode::immutable) uri += "?immutable=1";
  return uri;
}

}  // namespace

error to_error(sqlite3* db, int code, std::string_view doing) {
  std::string detail = "SQLite cannot ";
  detail.append(doing).append(": ").append(sqlite3_errstr(code));
  if (db != nullptr && sqlite3_extended_errcode(db) == code) {
    const std::string_view more = sqlite3_errmsg(db);
    if (more != sqlite3_errstr(code)) detail.append(" (").append(more).append(")");
  }
  return error{.code = code_of(code), .detail = std::move(detail)};
}

result<connection> connection::open(const std::filesystem::path& file, open_mode mode) {
  sqlite3* raw = nullptr;
  const char* const vfs = mode == open_mode::gathering ? gathering_vfs() : nullptr;
  const int code = sqlite3_open_v2(uri_of(file, mode).c_str(), &raw, flags_of(mode), vfs);
  connection opened(raw);
  if (code != SQLITE_OK) return std::unexpected(to_error(raw, code, "open " + file.string()));
  sqlite3_busy_timeout(raw, busy_milliseconds);
  return opened;
}

result<void> connection::run(const char* sql) {
  const int code = sqlite3_exec(raw(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return std::unexpected(to_error(raw(), code, sql));
  return {};
}

transaction_guard::~transaction_guard() {
  drop_gathered(connection_->raw());
  if (connection_->in_transaction()) {
    sqlite3_exec(connection_->raw(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

}  // namespace keelson::backends::sqlite
