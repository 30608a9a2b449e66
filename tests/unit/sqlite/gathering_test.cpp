#include "backends/sqlite/connection.hpp"
#include "backends/sqlite/statement.hpp"
#include "tests/unit/sqlite/fixture.hpp"

using namespace keelson;
using namespace keelson::backends::sqlite;
using namespace keelson::sqlite_tests;

namespace {

std::string text_of(connection& db, const char* question) {
  statement asked(db, question);
  statement::use row(asked);
  REQUIRE(must(row.step()));
  return std::string(row.view(0));
}

/// An INSERT of so many rows of random bytes.
void insert(connection& db, int rows) {
  const auto sql =
      "WITH RECURSIVE counted(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM counted WHERE i < " +
      std::to_string(rows) + ") INSERT INTO t(filler) SELECT randomblob(900) FROM counted";
  must(db.run(sql.c_str()));
}

connection gathering_connection(const std::filesystem::path& file) {
  must(connection::open(file, open_mode::create));
  auto db = must(connection::open(file, open_mode::gathering));
  REQUIRE(text_of(db, "PRAGMA journal_mode = WAL") == "wal");
  must(db.run("PRAGMA synchronous = FULL"));
  must(db.run("CREATE TABLE t(n INTEGER PRIMARY KEY, filler BLOB)"));
  return db;
}

}  // namespace

TEST_CASE("what a commit gathers is in the log when others see it, in whatever pieces it came") {
  const temporary_folder folder;
  const auto file = folder.path() / "t.db";
  auto db = gathering_connection(file);
  auto other = must(connection::open(file, open_mode::read_only));
  // Pages leave the cache, and are read back from the log, in the midst of a transaction.
  must(db.run("PRAGMA cache_size = 20; PRAGMA wal_autocheckpoint = 700"));
  for (const int rows : {1, 10, 1000, 5000}) {
    must(db.run("BEGIN"));
    insert(db, rows);
    must(db.run("UPDATE t SET filler = randomblob(1100) WHERE n % 7 = 0"));
    must(db.run("COMMIT"));
    CHECK(text_of(other, "SELECT sum(n + length(filler)) FROM t") ==
          text_of(db, "SELECT sum(n + length(filler)) FROM t"));
    CHECK(text_of(other, "PRAGMA integrity_check") == "ok");
  }
  // What a power failure would leave: the files alone, read by somebody who was not there.
  const auto copy = folder.path() / "copy.db";
  std::filesystem::copy_file(file, copy);
  std::filesystem::copy_file(file.native() + "-wal", copy.native() + "-wal");
  auto recovered = must(connection::open(copy, open_mode::read_write));
  CHECK(text_of(recovered, "PRAGMA integrity_check") == "ok");
  CHECK(text_of(recovered, "SELECT count(*) FROM t") == "6011");
}

TEST_CASE("a rollback leaves nothing of what was gathered") {
  const temporary_folder folder;
  auto db = gathering_connection(folder.path() / "t.db");
  must(db.run("PRAGMA cache_size = 5"));
  must(db.run("BEGIN"));
  insert(db, 500);
  must(db.run("ROLLBACK"));
  must(db.run("INSERT INTO t(filler) VALUES ('one')"));
  auto other = must(connection::open(folder.path() / "t.db", open_mode::read_only));
  CHECK(text_of(other, "SELECT group_concat(filler) FROM t") == "one");
  CHECK(text_of(other, "PRAGMA integrity_check") == "ok");
}

TEST_CASE(
    "what a transaction that was given up had gathered is not written over another's commit") {
  const temporary_folder folder;
  const auto file = folder.path() / "t.db";
  auto db = gathering_connection(file);
  must(db.run("PRAGMA cache_size = 5"));
  {
    const transaction_guard guard(db);
    must(db.run("BEGIN"));
    insert(db, 500);
  }
  auto other = must(connection::open(file, open_mode::read_write));
  must(other.run("INSERT INTO t(filler) VALUES ('one')"));
  CHECK(text_of(db, "SELECT group_concat(filler) FROM t") == "one");
  auto third = must(connection::open(file, open_mode::read_only));
  CHECK(text_of(third, "SELECT group_concat(filler) FROM t") == "one");
  CHECK(text_of(third, "PRAGMA integrity_check") == "ok");
}
