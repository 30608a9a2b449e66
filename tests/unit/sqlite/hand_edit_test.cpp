#include "tests/unit/sqlite/fixture.hpp"

using namespace keelson;
using namespace keelson::backends;
using namespace keelson::sqlite_tests;

TEST_CASE("a document changed with the sqlite3 tool is read as it is now") {
  const temporary_folder folder;
  const auto store = must(open(folder.path(), store_role::secondary));
  const auto session = must(store->open_secondary());
  const auto reader = must(store->open_reader());
  for (const auto* key : {"a", "b", "c"}) must(put(*session, key, "{\"n\":1}"));
  const std::vector ids{id_of("a"), id_of("b"), id_of("c")};
  REQUIRE(must(reader->get(ids)).documents[0]->value == "{\"n\":1}");

  run_tool(folder.path(),
           "UPDATE documents SET value = '{\\\"n\\\":2}' WHERE key = 'a';"
           "DELETE FROM documents WHERE key = 'b'");

  const auto seen = must(reader->get(ids)).documents;
  CHECK(seen[0]->value == "{\"n\":2}");
  CHECK(computed_hash(*seen[0]) != seen[0]->hash);
  CHECK_FALSE(seen[1]);
  CHECK(computed_hash(*seen[2]) == seen[2]->hash);
  must(put(*session, "d", "4"));
  must(session->sync());
  CHECK(must(reader->scan({})).documents.size() == 3);
}

TEST_CASE("what the tool could not have meant is refused by the tables") {
  const temporary_folder folder;
  const auto store = must(open(folder.path(), store_role::secondary));
  const auto session = must(store->open_secondary());
  must(put(*session, "a", "1"));
  for (const std::string change : {"hash = x'00'", "value = NULL", "version = 'x'"}) {
    CAPTURE(change);
    CHECK_THROWS([&] {
      const auto command = "sqlite3 '" + (folder.path() / "store.db").string() +
                           "' \"UPDATE documents SET " + change + "\" 2> /dev/null";
      if (std::system(command.c_str()) != 0) throw std::runtime_error("refused");
    }());
  }
}

TEST_CASE("a missing row of ours is damage, and said to be") {
  const temporary_folder folder;
  const auto store = must(open(folder.path(), store_role::primary));
  const auto session = must(store->open_primary());
  SECTION("no meta row") {
    run_tool(folder.path(), "DELETE FROM meta");
  }
  SECTION("unreadable epochs") {
    run_tool(folder.path(), "UPDATE meta SET epochs = 'x'");
  }
  SECTION("no table") {
    run_tool(folder.path(), "DROP TABLE meta");
  }
  const auto meta = session->meta();
  REQUIRE_FALSE(meta);
  CHECK(meta.error().code == errc::store_corrupt);
}
