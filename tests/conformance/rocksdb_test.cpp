#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <rocksdb/db.h>

#include "backends/ordered_kv/codec.hpp"
#include "backends/ordered_kv/keys.hpp"
#include "tests/conformance/history.hpp"
#include "tests/conformance/trial.hpp"

using namespace keelson;
using namespace keelson::conformance;
namespace fs = std::filesystem;

namespace {

const subject& rocksdb_subject() {
  for (const auto& each : subjects()) {
    if (each.scheme == "rocksdb") return each;
  }
  throw std::logic_error("RocksDB is not tried");
}

fs::path folder_of(const trial& here) {
  return here.location().folder / "kv";
}

std::unique_ptr<rocksdb::DB> raw_database(const fs::path& folder) {
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::DB* raw = nullptr;
  const auto status = rocksdb::DB::Open(options, folder.string(), &raw);
  if (!status.ok()) FAIL(status.ToString());
  return std::unique_ptr<rocksdb::DB>(raw);
}

void raw_put(const fs::path& folder, const std::string& key, const std::string& value) {
  const auto status = raw_database(folder)->Put({}, key, value);
  if (!status.ok()) FAIL(status.ToString());
}

void expect_foreign(const trial& here) {
  const auto found = must(here.inspect());
  CHECK(found.what == backends::place::kind::foreign);
  CHECK_FALSE(found.reason.empty());
  CHECK(code_of(here.open(primary_owner())) == errc::store_foreign);
  // There is no room for two owners in one space of keys.
  CHECK(code_of(here.open(primary_owner(), backends::foreign_policy::adopt)) ==
        errc::store_foreign);
}

}  // namespace

TEST_CASE("a RocksDB of somebody else is foreign") {
  const trial here(rocksdb_subject());
  raw_put(folder_of(here), "theirs", "1");
  expect_foreign(here);
  std::string value;
  CHECK(raw_database(folder_of(here))->Get({}, "theirs", &value).ok());
}

TEST_CASE("a RocksDB with column families is foreign, also when the default one is empty") {
  const trial here(rocksdb_subject());
  {
    const auto database = raw_database(folder_of(here));
    rocksdb::ColumnFamilyHandle* family = nullptr;
    REQUIRE(database->CreateColumnFamily({}, "theirs", &family).ok());
    REQUIRE(database->Put({}, family, "k", "v").ok());
    database->DestroyColumnFamilyHandle(family);
  }
  expect_foreign(here);
}

TEST_CASE("a RocksDB whose mark cannot be read is foreign") {
  const trial here(rocksdb_subject());
  raw_put(folder_of(here), std::string(backends::ordered_kv::owner_key), "scribble");
  expect_foreign(here);
}

TEST_CASE("a folder with other things is foreign, one that holds nothing is empty") {
  const trial here(rocksdb_subject());
  fs::create_directory(folder_of(here));
  CHECK(must(here.inspect()).what == backends::place::kind::empty);
  std::ofstream(folder_of(here) / "thesis.tex") << "text";
  expect_foreign(here);
  CHECK(std::distance(fs::directory_iterator(folder_of(here)), fs::directory_iterator()) == 1);
}

TEST_CASE("a database of another format is a mismatch, named by its number") {
  const trial here(rocksdb_subject());
  must(here.open(primary_owner()));
  std::string mark;
  backends::ordered_kv::encode_mark(mark, {.owner = primary_owner(), .format = 99});
  raw_put(folder_of(here), std::string(backends::ordered_kv::owner_key), mark);
  CHECK(must(here.inspect()).format == 99);
  const auto refused = here.open(primary_owner(), backends::foreign_policy::adopt);
  CHECK(code_of(refused) == errc::store_mismatch);
  CHECK(refused.error().detail.find("99") != std::string::npos);
}

TEST_CASE("a creation that was cut short is begun again") {
  const trial here(rocksdb_subject());
  raw_database(folder_of(here));
  SECTION("before the first write") {}
  SECTION("before the database was one") {
    std::vector<fs::path> later;
    for (const auto& entry : fs::directory_iterator(folder_of(here))) {
      const auto name = entry.path().filename().string();
      const bool early = name == "LOCK" || name == "IDENTITY" || name.starts_with("MANIFEST-");
      if (!early) later.push_back(entry.path());
    }
    REQUIRE(later.size() > 1);
    for (const auto& path : later) fs::remove(path);
  }
  CHECK(must(here.inspect()).what == backends::place::kind::empty);
  const auto store = must(here.open(primary_owner()));
  const auto session = must(store->open_primary());
  history log(must(session->meta()));
  log.commit(*session, {{put("c", "k", "1")}});
}

TEST_CASE("a database that lost its CURRENT file is not begun again") {
  const trial here(rocksdb_subject());
  {
    const auto store = must(here.open(primary_owner()));
    const auto session = must(store->open_primary());
    history log(must(session->meta()));
    log.commit(*session, {{put("c", "k", "1")}});
  }
  fs::remove(folder_of(here) / "CURRENT");
  expect_foreign(here);
}

TEST_CASE("a damaged database is called corrupt and left alone") {
  const trial here(rocksdb_subject());
  must(here.open(primary_owner()));
  for (const auto& entry : fs::directory_iterator(folder_of(here))) {
    if (entry.path().filename().string().starts_with("MANIFEST-")) {
      std::ofstream(entry.path(), std::ios::binary | std::ios::trunc) << std::string(500, 'x');
    }
  }
  CHECK(code_of(here.inspect()) == errc::store_corrupt);
  CHECK(code_of(here.open(primary_owner(), backends::foreign_policy::adopt)) ==
        errc::store_corrupt);
}

TEST_CASE("the size of the cache is a number") {
  const trial here(rocksdb_subject());
  const auto open = [&](const std::string& url) {
    return here.engine().open({.url = url, .folder = here.location().folder}, primary_owner(),
                              backends::foreign_policy::refuse, first_epoch);
  };
  CHECK(code_of(open("rocksdb:kv?cache_mib=x")) == errc::invalid_parameter);
  CHECK(code_of(open("rocksdb:kv?cache_mib=")) == errc::invalid_parameter);
  CHECK(code_of(open("rocksdb:kv?cache=1")) == errc::invalid_parameter);
  CHECK(code_of(open("rocksdb:")) == errc::invalid_parameter);
  must(open("rocksdb:deep/down/kv?cache_mib=8"));
}
