#include <fstream>

#include "tests/unit/sqlite/fixture.hpp"

using namespace keelson;
using namespace keelson::backends;
using namespace keelson::sqlite_tests;

namespace {

errc code_of(const result<std::shared_ptr<store>>& opened) {
  REQUIRE_FALSE(opened);
  return opened.error().code;
}

}  // namespace

TEST_CASE("what is no database of ours is foreign and stays as it is") {
  const temporary_folder folder;
  const auto file = folder.path() / "store.db";
  SECTION("a folder") {
    std::filesystem::create_directory(file);
  }
  SECTION("a text") {
    std::ofstream(file) << "somebody else's notes, longer than the head of a database:"
                        << std::string(200, '.');
  }
  SECTION("a database of another program") {
    run_tool(folder.path(), "CREATE TABLE t(x); INSERT INTO t VALUES (1)");
  }
  SECTION("a database of another program in WAL mode") {
    run_tool(folder.path(), "PRAGMA journal_mode = WAL; CREATE TABLE t(x)");
  }
  SECTION("one that bears our number and nothing else") {
    run_tool(folder.path(), "PRAGMA application_id = 1265067340; CREATE TABLE t(x)");
  }
  SECTION("a log whose database is gone") {
    std::ofstream(file.native() + "-wal") << "the last good copy, perhaps";
  }
  const auto before = folder.files();
  const auto found = must(inspect(folder.path()));
  CHECK(found.what == place::kind::foreign);
  CHECK_FALSE(found.reason.empty());
  CHECK(code_of(open(folder.path(), store_role::primary)) == errc::store_foreign);
  CHECK(folder.files() == before);
}

TEST_CASE("a damaged database is not taken for somebody else's, and stays as it is") {
  const temporary_folder folder;
  const auto file = folder.path() / "store.db";
  must(open(folder.path(), store_role::secondary));
  SECTION("cut off") {
    std::filesystem::resize_file(file, 4096);
  }
  SECTION("overwritten behind its head") {
    std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
    out.seekp(100) << std::string(std::filesystem::file_size(file) - 100, 'x');
  }
  const auto before = folder.files();
  const auto found = inspect(folder.path());
  REQUIRE_FALSE(found);
  CHECK(found.error().code == errc::store_corrupt);
  CHECK(code_of(open(folder.path(), store_role::secondary)) == errc::store_corrupt);
  CHECK(code_of(open(folder.path(), store_role::secondary, foreign_policy::adopt)) ==
        errc::store_corrupt);
  CHECK(folder.files() == before);
}

TEST_CASE("an empty file is an empty place") {
  const temporary_folder folder;
  std::ofstream(folder.path() / "store.db").flush();
  CHECK(must(inspect(folder.path())).what == place::kind::empty);
  must(open(folder.path(), store_role::primary));
  CHECK(must(inspect(folder.path())).owner == owner_of(store_role::primary));
}

TEST_CASE("a name that a URI would read otherwise is taken as it is") {
  const temporary_folder folder;
  const store_location location{.url = "sqlite:a%3Fmode=memory%23%25 b.db",
                                .folder = folder.path()};
  const auto& engine = sqlite::sqlite_engine();
  must(engine.open(location, owner_of(store_role::primary), foreign_policy::refuse, first_epoch));
  CHECK(std::filesystem::is_regular_file(folder.path() / "a?mode=memory#% b.db"));
  CHECK(must(engine.inspect(location)).what == place::kind::ours);
}

TEST_CASE("what an interrupted creation left is no obstacle") {
  const temporary_folder folder;
  std::ofstream(folder.path() / "store.db-new") << "half a database";
  CHECK(must(inspect(folder.path())).what == place::kind::empty);
  must(open(folder.path(), store_role::secondary));
  CHECK_FALSE(std::filesystem::exists(folder.path() / "store.db-new"));
}

TEST_CASE("an unknown format number is refused, also when adopted") {
  const temporary_folder folder;
  must(open(folder.path(), store_role::primary));
  run_tool(folder.path(), "PRAGMA user_version = 99");
  CHECK(must(inspect(folder.path())).format == 99);
  CHECK(code_of(open(folder.path(), store_role::primary)) == errc::store_mismatch);
  CHECK(code_of(open(folder.path(), store_role::primary, foreign_policy::adopt)) ==
        errc::store_mismatch);
}

TEST_CASE("a database of another program is adopted only if its tables leave room") {
  const temporary_folder folder;
  SECTION("room") {
    run_tool(folder.path(), "CREATE TABLE t(x); INSERT INTO t VALUES (7)");
    must(open(folder.path(), store_role::secondary, foreign_policy::adopt));
    CHECK(must(inspect(folder.path())).owner == owner_of(store_role::secondary));
    run_tool(folder.path(), "SELECT 1 / (SELECT x FROM t)");
  }
  SECTION("none") {
    run_tool(folder.path(), "CREATE TABLE documents(title)");
    const auto before = folder.files().at((folder.path() / "store.db").string());
    CHECK(code_of(open(folder.path(), store_role::secondary, foreign_policy::adopt)) ==
          errc::store_foreign);
    CHECK(folder.files().at((folder.path() / "store.db").string()) == before);
  }
}

TEST_CASE("a database that is open is refused to the next who wants to write") {
  const temporary_folder folder;
  auto first = must(open(folder.path(), store_role::primary));
  CHECK(code_of(open(folder.path(), store_role::primary)) == errc::unavailable);
  auto session = must(first->open_primary());
  const auto second = first->open_primary();
  REQUIRE_FALSE(second);
  CHECK(second.error().code == errc::busy);
  first.reset();  // the session keeps it open
  CHECK(code_of(open(folder.path(), store_role::primary)) == errc::unavailable);
  session.reset();
  must(open(folder.path(), store_role::primary));
}
