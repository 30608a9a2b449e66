#include "backends/sqlite/place.hpp"

#include <system_error>
#include <utility>

#include "backends/sqlite/connection.hpp"
#include "backends/sqlite/schema.hpp"

namespace keelson::backends::sqlite {

namespace {

namespace fs = std::filesystem;

bool holds_something(const fs::path& file) {
  std::error_code absent;
  const auto size = fs::file_size(file, absent);
  return !absent && size > 0;
}

place foreign(std::string reason) {
  return {.what = place::kind::foreign, .reason = std::move(reason)};
}

/// store_corrupt only of what is a SQLite database; store_foreign of what is none, or has not the
/// tables that its number promises.
result<place> look(const fs::path& file, open_mode mode) {
  auto db = connection::open(file, mode);
  if (!db) return pass_on(std::move(db));
  auto mark = read_mark(*db);
  const bool damaged = (sqlite3_errcode(db->raw()) & 0xff) == SQLITE_CORRUPT;
  if (mark || mark.error().code != errc::store_corrupt || damaged) return mark;
  return fail(errc::store_foreign, std::move(mark).error().detail);
}

/// The mark is never only in the write-ahead log: a new store gets it before it has one, an adopted
/// one is checkpointed. So the file alone shows it; but after a crash in a checkpoint SQLite may
/// find the file alone damaged, and the log is read too, through an index in memory, if the shared
/// index is there to say that a log belongs to the file.
result<place> look(const fs::path& file) {
  auto seen = look(file, open_mode::immutable);
  if (!seen && holds_something(file.native() + "-wal")) {
    if (auto whole = look(file, open_mode::untouched); whole) return whole;
  }
  return seen;
}

}  // namespace

result<place> inspect_file(const fs::path& file) {
  std::error_code why;
  const auto status = fs::status(file, why);
  if (fs::is_directory(status)) return foreign("a folder");
  if (fs::exists(status) && !fs::is_regular_file(status)) return foreign("no regular file");
  if (!fs::exists(status) && status.type() != fs::file_type::not_found) {
    return fail(errc::store_io, "cannot look at " + file.string() + ": " + why.message());
  }
  if (!holds_something(file)) {
    // A new database would take the old log for its own.
    if (holds_something(file.native() + "-wal")) {
      return foreign("a write-ahead log without its database");
    }
    return place{};
  }
  auto seen = look(file);
  if (seen) return seen;
  const auto& problem = seen.error();
  if (problem.code == errc::store_foreign) {
    return foreign("not a readable SQLite database: " + problem.detail);
  }
  if (problem.code != errc::store_corrupt) return seen;
  return fail(errc::store_corrupt, file.string() + " is damaged, and was left as it is: " +
                                       problem.detail + ". Put a backup of it in its place");
}

}  // namespace keelson::backends::sqlite
