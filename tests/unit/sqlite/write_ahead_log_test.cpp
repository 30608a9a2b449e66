#include "tests/unit/sqlite/fixture.hpp"

using namespace keelson;
using namespace keelson::backends;
using namespace keelson::sqlite_tests;

TEST_CASE("the write-ahead log stays short under constant writing and goes at the close") {
  const temporary_folder folder;
  const auto log = folder.path() / "store.db-wal";
  std::uintmax_t greatest = 0;
  {
    const auto store = must(open(folder.path(), store_role::secondary));
    const auto session = must(store->open_secondary());
    const auto reader = must(store->open_reader());
    // 320 MB of pages, about twenty times the length at which copying begins. Where the thread
    // cannot keep up, commits wait at 128 MiB.
    const std::string value(20'000, '1');
    for (int n = 0; n < 16'000; ++n) {
      must(put(*session, "key-" + std::to_string(n % 100), value));
      if (n % 100 == 0) {
        greatest = std::max(greatest, std::filesystem::file_size(log));
        REQUIRE(must(reader->point()).at.at.at.value == static_cast<std::uint64_t>(n) + 1);
      }
    }
  }
  CHECK(greatest > 0);
  CHECK(greatest < std::uintmax_t{132} << 20);
  CHECK_FALSE(std::filesystem::exists(log));
}

TEST_CASE("a reader with a snapshot of its own does not stop the writer") {
  const temporary_folder folder;
  const auto store = must(open(folder.path(), store_role::primary));
  const auto session = must(store->open_primary());
  const auto reader = must(store->open_primary_reader());
  for (int n = 0; n < 50; ++n) {
    must(put(*session, "key", std::to_string(n)));
    const auto seen = must(reader->get(std::vector{id_of("key")}));
    CHECK(seen.documents[0]->value == std::to_string(n));
    CHECK(seen.at.before.at.at.at == seen.documents[0]->version);
  }
}

TEST_CASE("a limit beyond what a column holds means everything") {
  const temporary_folder folder;
  const auto store = must(open(folder.path(), store_role::primary));
  const auto session = must(store->open_primary());
  for (int n = 0; n < 5; ++n) must(put(*session, "key", std::to_string(n)));
  const auto meta = must(session->trim({~std::uint64_t{0}}, 3));
  CHECK(meta.oldest.value == 3);
  CHECK(must(session->trim({~std::uint64_t{0}}, ~std::size_t{0})).oldest.value == 5);
  const auto reader = must(store->open_primary_reader());
  CHECK(must(reader->read_log({~std::uint64_t{0}}, 10, 10)).records.empty());
  CHECK(must(reader->chain_at({5})) == must(reader->meta()).chain);
  CHECK_FALSE(must(reader->chain_at({4})));
}
