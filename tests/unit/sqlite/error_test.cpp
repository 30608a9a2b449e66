#include "backends/sqlite/connection.hpp"
#include "backends/sqlite/statement.hpp"
#include "tests/unit/sqlite/fixture.hpp"

using namespace keelson;
using namespace keelson::backends::sqlite;
using namespace keelson::sqlite_tests;

TEST_CASE("SQLite's codes become ours by what the caller can do about them") {
  const auto code = [](int of) { return to_error(nullptr, of, "do it").code; };
  CHECK(code(SQLITE_FULL) == errc::storage_full);
  CHECK(code(SQLITE_CORRUPT_INDEX) == errc::store_corrupt);
  CHECK(code(SQLITE_NOTADB) == errc::store_corrupt);
  CHECK(code(SQLITE_BUSY_SNAPSHOT) == errc::unavailable);
  CHECK(code(SQLITE_IOERR_FSYNC) == errc::store_io);
  CHECK(code(SQLITE_CANTOPEN) == errc::store_io);
  CHECK(code(SQLITE_NOMEM) == errc::store_io);
  CHECK(code(SQLITE_CONSTRAINT_CHECK) == errc::internal);
}

TEST_CASE("a database that may not grow is full, and as it was before") {
  const temporary_folder folder;
  auto db = must(connection::open(folder.path() / "a.db", open_mode::create));
  must(db.run("CREATE TABLE t(x); INSERT INTO t VALUES (1); PRAGMA max_page_count = 4"));
  {
    const transaction_guard guard(db);
    must(db.run("BEGIN IMMEDIATE"));
    const auto full = db.run("INSERT INTO t VALUES (randomblob(100000))");
    REQUIRE_FALSE(full);
    CHECK(full.error().code == errc::storage_full);
  }
  CHECK_FALSE(db.in_transaction());
  statement count(db, "SELECT count(*) FROM t");
  statement::use row(count);
  REQUIRE(must(row.step()));
  CHECK(row.integer(0) == 1);
}

TEST_CASE("a statement that cannot be prepared says so when it is used") {
  const temporary_folder folder;
  auto db = must(connection::open(folder.path() / "a.db", open_mode::create));
  statement broken(db, "SELECT x FROM nowhere WHERE x = ?1");
  for (int n = 0; n < 2; ++n) {
    statement::use use(broken);
    const auto stepped = use.text(1, "a").number(1, std::int64_t{1}).null(1).step();
    REQUIRE_FALSE(stepped);
    CHECK(stepped.error().code == errc::store_corrupt);
  }
  must(db.run("CREATE TABLE nowhere(x)"));
  CHECK_FALSE(must(statement::use(broken).bytes(1, "a").step()));
}
