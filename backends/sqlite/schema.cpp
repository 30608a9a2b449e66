#include "backends/sqlite/schema.hpp"

#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "backends/first_meta.hpp"
#include "backends/sqlite/rows.hpp"
#include "backends/sqlite/statement.hpp"

namespace keelson::backends::sqlite {

namespace {

constexpr const char* common_tables = R"(
CREATE TABLE ownership(
  one INTEGER PRIMARY KEY CHECK (one = 1),
  log_id TEXT NOT NULL,
  role TEXT NOT NULL,
  name TEXT NOT NULL
) STRICT;
CREATE TABLE documents(
  collection TEXT NOT NULL,
  key TEXT NOT NULL,
  version INTEGER NOT NULL,
  time INTEGER NOT NULL,
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  meta TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (collection, key)
) STRICT, WITHOUT ROWID;
)";

/// A hash of zero bytes ("no document", or no end of a commit) is NULL in the log.
constexpr const char* primary_tables = R"(
CREATE TABLE meta(
  one INTEGER PRIMARY KEY CHECK (one = 1),
  log_id TEXT NOT NULL,
  epochs TEXT NOT NULL,
  last_sequence INTEGER NOT NULL,
  chain BLOB NOT NULL CHECK (length(chain) = 32),
  term INTEGER NOT NULL,
  last_time INTEGER NOT NULL,
  oldest INTEGER NOT NULL,
  oldest_chain BLOB NOT NULL CHECK (length(oldest_chain) = 32),
  documents INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  log_bytes INTEGER NOT NULL
) STRICT;
CREATE TABLE log(
  sequence INTEGER PRIMARY KEY,
  ends_commit INTEGER NOT NULL,
  chain BLOB,
  time INTEGER NOT NULL,
  collection TEXT NOT NULL,
  key TEXT NOT NULL,
  op INTEGER NOT NULL,
  previous INTEGER NOT NULL,
  bytes_before INTEGER NOT NULL,
  hash_before BLOB,
  hash_after BLOB,
  meta TEXT NOT NULL,
  value TEXT NOT NULL,
  image_before TEXT NOT NULL,
  principal TEXT NOT NULL,
  request_id TEXT NOT NULL
) STRICT;
CREATE TABLE system(
  key BLOB PRIMARY KEY NOT NULL,
  value BLOB NOT NULL
) STRICT, WITHOUT ROWID;
)";

constexpr const char* secondary_tables = R"(
CREATE TABLE applied(
  one INTEGER PRIMARY KEY CHECK (one = 1),
  phase TEXT NOT NULL,
  epoch TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  chain BLOB NOT NULL CHECK (length(chain) = 32),
  copied_collection TEXT NOT NULL,
  copied_key TEXT NOT NULL,
  documents INTEGER NOT NULL,
  bytes INTEGER NOT NULL
) STRICT;
)";

constexpr std::string_view primary_word = "primary";
constexpr std::string_view secondary_word = "secondary";

std::string_view word_of(store_role role) {
  return role == store_role::primary ? primary_word : secondary_word;
}

result<void> write_mark(connection& db, const ownership& owner) {
  const std::string pragmas = "PRAGMA application_id = " + std::to_string(application_id) +
                              "; PRAGMA user_version = " + std::to_string(format_number);
  if (auto done = db.run(pragmas.c_str()); !done) return done;
  statement write(db, "INSERT OR REPLACE INTO ownership VALUES (1, ?, ?, ?)");
  return statement::use(write)
      .text(1, owner.log_id)
      .text(2, word_of(owner.role))
      .text(3, owner.name)
      .finish();
}

result<void> write_first_meta(connection& db, const ownership& owner,
                              std::string_view first_epoch) {
  const auto meta = first_meta(owner, first_epoch);
  statement insert(db, "INSERT INTO meta VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  statement::use use(insert);
  const auto epochs = epochs_text(meta);
  bind_meta(use, meta, epochs);
  return use.finish();
}

result<void> write_no_point(connection& db) {
  statement insert(db, "INSERT OR REPLACE INTO applied VALUES (1, ?, ?, ?, ?, ?, ?, 0, 0)");
  statement::use use(insert);
  const store_point nowhere;
  bind_point(use, 1, nowhere);
  return use.finish();
}

/// Makes the tables of `owner`'s role with their first rows, apart from `ownership`.
result<void> fill(connection& db, const ownership& owner, std::string_view first_epoch) {
  if (owner.role == store_role::primary) {
    if (auto done = db.run(primary_tables); !done) return done;
    return write_first_meta(db, owner, first_epoch);
  }
  if (auto done = db.run(secondary_tables); !done) return done;
  return write_no_point(db);
}

result<void> write_new(connection& db, const ownership& owner, std::string_view first_epoch) {
  const transaction_guard guard(db);
  if (auto done = db.run("BEGIN IMMEDIATE"); !done) return done;
  if (auto done = db.run(common_tables); !done) return done;
  if (auto done = fill(db, owner, first_epoch); !done) return done;
  if (auto done = write_mark(db, owner); !done) return done;
  return db.run("COMMIT");
}

std::unexpected<error> file_failure(std::string_view doing, const std::filesystem::path& file,
                                    const std::error_code& why) {
  return fail(errc::store_io,
              "cannot " + std::string(doing) + " " + file.string() + ": " + why.message());
}

result<void> sync_folder(const std::filesystem::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = fd >= 0 && ::fsync(fd) == 0;
  const std::error_code why(errno, std::generic_category());
  if (fd >= 0) ::close(fd);
  if (!synced) return file_failure("sync", folder, why);
  return {};
}

/// Moves the mark of one of our stores of the same role to another owner.
result<void> take_over(connection& db, const ownership& owner) {
  if (owner.role == store_role::secondary) {
    if (auto done = write_no_point(db); !done) return done;
  } else {
    statement rename(db, "UPDATE meta SET log_id = ?");
    if (auto done = statement::use(rename).text(1, owner.log_id).finish(); !done) return done;
  }
  return write_mark(db, owner);
}

}  // namespace

result<void> create_store(const std::filesystem::path& file, const ownership& owner,
                          std::string_view first_epoch) {
  auto fresh = file;
  fresh += "-new";  // what a crash left of an earlier attempt holds nothing yet
  std::error_code why;
  for (const auto* suffix : {"", "-journal", "-wal", "-shm"}) {
    std::filesystem::remove(fresh.native() + suffix, why);
    if (why) return file_failure("remove", fresh, why);
  }
  {
    auto db = connection::open(fresh, open_mode::create);
    if (!db) return pass_on(std::move(db));
    if (auto done = db->run("PRAGMA auto_vacuum = NONE"); !done) return done;
    if (auto done = write_new(*db, owner, first_epoch); !done) return done;
    if (auto done = use_write_ahead_log(*db); !done) return done;
  }
  std::filesystem::rename(fresh, file, why);
  if (why) return file_failure("create", file, why);
  return sync_folder(file.parent_path());
}

result<void> adopt_store(const std::filesystem::path& file, const place& found,
                         const ownership& owner, std::string_view first_epoch) {
  auto db = connection::open(file, open_mode::read_write);
  if (!db) return pass_on(std::move(db));
  if (found.what == place::kind::foreign) {
    if (auto written = write_new(*db, owner, first_epoch); !written) {
      return fail(errc::store_foreign, file.string() + " is " + found.reason +
                                           " and cannot be adopted: " + written.error().detail);
    }
  } else {
    const transaction_guard guard(*db);
    if (auto done = db->run("BEGIN IMMEDIATE"); !done) return done;
    if (auto done = take_over(*db, owner); !done) return done;
    if (auto done = db->run("COMMIT"); !done) return done;
  }
  if (auto done = use_write_ahead_log(*db); !done) return done;
  // Whoever looks at the file without its write-ahead log has to see the new mark.
  return db->run("PRAGMA wal_checkpoint(TRUNCATE)");
}

result<place> read_mark(connection& db) {
  statement numbers(db,
                    "SELECT application_id, user_version"
                    " FROM pragma_application_id, pragma_user_version");
  statement::use marks(numbers);
  const auto any = marks.step();
  if (!any) return std::unexpected(any.error());
  place found{.what = place::kind::foreign, .reason = "a SQLite database that is not Keelson's"};
  if (!*any || marks.integer(0) != application_id) return found;
  found.format = static_cast<std::uint32_t>(marks.integer(1));

  statement owner(db, "SELECT log_id, role, name FROM ownership");
  statement::use row(owner);
  const auto owned = row.step();
  if (!owned) return std::unexpected(owned.error());
  if (!*owned) {
    found.reason = "a database that bears Keelson's number but names no owner";
    return found;
  }
  found.what = place::kind::ours;
  found.reason.clear();
  found.owner.log_id = row.view(0);
  found.owner.role = row.view(1) == primary_word ? store_role::primary : store_role::secondary;
  found.owner.name = row.view(2);
  return found;
}

result<void> use_write_ahead_log(connection& db) {
  statement pragma(db, "PRAGMA journal_mode = WAL");
  statement::use use(pragma);
  const auto row = use.step();
  if (!row) return std::unexpected(row.error());
  if (!*row || use.view(0) != "wal") {
    return fail(errc::store_io, "SQLite cannot keep a write-ahead log on this file system");
  }
  return {};
}

}  // namespace keelson::backends::sqlite
