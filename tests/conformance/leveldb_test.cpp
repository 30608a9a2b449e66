#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include <leveldb/db.h>

#include "backends/leveldb/log_prefix.hpp"
#include "tests/conformance/history.hpp"
#include "tests/conformance/trial.hpp"

using namespace keelson;
using namespace keelson::conformance;
namespace fs = std::filesystem;

namespace {

const subject& leveldb_subject() {
  return *std::ranges::find(subjects(), "leveldb", &subject::scheme);
}

fs::path folder_of(const trial& here) {
  return here.location().folder / "kv";
}

std::unique_ptr<::leveldb::DB> raw_database(const fs::path& folder) {
  ::leveldb::Options options;
  options.create_if_missing = true;
  ::leveldb::DB* raw = nullptr;
  const auto status = ::leveldb::DB::Open(options, folder.string(), &raw);
  if (!status.ok()) FAIL(status.ToString());
  return std::unique_ptr<::leveldb::DB>(raw);
}

std::string bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void set_bytes(const fs::path& file, std::string_view bytes) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

/// The write-ahead log of a database that is not open; it has one.
fs::path log_of(const trial& here) {
  std::vector<fs::path> logs;
  for (const auto& entry : fs::directory_iterator(folder_of(here))) {
    if (entry.path().extension() == ".log") logs.push_back(entry.path());
  }
  REQUIRE(logs.size() == 1);
  return logs.front();
}

/// Commits of a small and a large document, the large ones over the blocks of the log.
history written(const trial& here) {
  const auto store = must(here.open(primary_owner()));
  const auto session = must(store->open_primary());
  history log(must(session->meta()));
  for (int i = 0; i < 8; ++i) {
    const std::string large(static_cast<std::size_t>(i) * 9000, 'x');
    log.commit(*session, {{put("c", std::to_string(i), '"' + large + '"')}});
  }
  return log;
}

/// The number of commits that are there, which have to be the first ones of the history.
std::size_t commits_left(const trial& here, const history& log) {
  const auto store = must(here.open(primary_owner()));
  const auto reader = must(store->open_primary_reader());
  const auto records = must(reader->read_log({}, 100, std::size_t{1} << 30)).records;
  REQUIRE(records.size() <= log.records().size());
  REQUIRE(std::equal(records.begin(), records.end(), log.records().begin()));
  REQUIRE(must(reader->meta()).last.value == records.size());
  REQUIRE(must(reader->scan({})).documents.size() == records.size());
  return records.size();
}

void expect_foreign(const trial& here) {
  const auto found = must(here.inspect());
  CHECK(found.what == backends::place::kind::foreign);
  CHECK_FALSE(found.reason.empty());
  CHECK(code_of(here.open(primary_owner())) == errc::store_foreign);
  CHECK(code_of(here.open(primary_owner(), backends::foreign_policy::adopt)) ==
        errc::store_foreign);
}

}  // namespace

TEST_CASE("a LevelDB of somebody else is foreign and not opened") {
  const trial here(leveldb_subject());
  REQUIRE(raw_database(folder_of(here))->Put({}, "theirs", "1").ok());
  const auto log = bytes_of(log_of(here));
  expect_foreign(here);
  CHECK(bytes_of(log_of(here)) == log);
}

TEST_CASE("a LevelDB with a mark beside it but another inside is not taken") {
  const trial here(leveldb_subject());
  must(here.open(primary_owner()));
  REQUIRE(raw_database(folder_of(here))->Delete({}, "mowner").ok());
  CHECK(code_of(here.open(primary_owner())) == errc::store_foreign);
}

TEST_CASE("a LevelDB whose mark cannot be read is foreign") {
  const trial here(leveldb_subject());
  must(here.open(primary_owner()));
  const auto mark = folder_of(here) / "keelson.json";
  const auto right = bytes_of(mark);
  for (const std::string wrong :
       {"scribble", "{}", R"({"format":"1","log_id":"a","role":"primary","name":"b"})",
        R"({"format":1,"log_id":"a","role":"king","name":"b"})"}) {
    set_bytes(mark, wrong);
    expect_foreign(here);
  }
  set_bytes(mark, right);
  must(here.open(primary_owner()));
}

TEST_CASE("a LevelDB of another format is a mismatch, named by its number") {
  const trial here(leveldb_subject());
  must(here.open(primary_owner()));
  const auto mark = folder_of(here) / "keelson.json";
  auto text = bytes_of(mark);
  REQUIRE(text.starts_with(R"({"format":1,)"));
  set_bytes(mark, text.replace(10, 1, "99"));
  CHECK(must(here.inspect()).format == 99);
  const auto refused = here.open(primary_owner(), backends::foreign_policy::adopt);
  CHECK(code_of(refused) == errc::store_mismatch);
  CHECK(refused.error().detail.find("99") != std::string::npos);
}

TEST_CASE("a creation of a LevelDB that was cut short is begun again") {
  const trial here(leveldb_subject());
  const auto folder = folder_of(here);
  SECTION("before the mark was whole") {
    fs::create_directory(folder);
    set_bytes(folder / "keelson.json.new", "{\"form");
  }
  SECTION("before the database was one") {
    must(here.open(secondary_owner()));
    for (const auto& entry : fs::directory_iterator(folder)) {
      const auto name = entry.path().filename().string();
      const bool early = name == "LOCK" || name == "keelson.json" || name.starts_with("MANIFEST-");
      if (!early) fs::remove(entry.path());
    }
  }
  CHECK(must(here.inspect()).what == backends::place::kind::empty);
  const auto log = written(here);
  CHECK(commits_left(here, log) == 8);
}

TEST_CASE("a LevelDB that lost its CURRENT file is not begun again") {
  const trial here(leveldb_subject());
  written(here);
  fs::remove(folder_of(here) / "CURRENT");
  expect_foreign(here);
}

TEST_CASE("a folder with other things is no LevelDB, one that holds nothing is empty") {
  const trial here(leveldb_subject());
  fs::create_directory(folder_of(here));
  CHECK(must(here.inspect()).what == backends::place::kind::empty);
  set_bytes(folder_of(here) / "thesis.tex", "text");
  expect_foreign(here);
  CHECK(std::distance(fs::directory_iterator(folder_of(here)), fs::directory_iterator()) == 1);
}

TEST_CASE("a LevelDB with a damaged manifest is called corrupt") {
  const trial here(leveldb_subject());
  written(here);
  for (const auto& entry : fs::directory_iterator(folder_of(here))) {
    if (entry.path().filename().string().starts_with("MANIFEST-")) {
      set_bytes(entry.path(), std::string(500, 'x'));
    }
  }
  CHECK(code_of(here.open(primary_owner())) == errc::store_corrupt);
  CHECK(code_of(here.open(primary_owner(), backends::foreign_policy::adopt)) ==
        errc::store_corrupt);
}

TEST_CASE("a log that was cut or damaged in its end leaves the first commits and no other") {
  const trial here(leveldb_subject());
  const auto log = written(here);
  const auto file = log_of(here);
  const auto whole = bytes_of(file);
  CHECK(backends::leveldb::intact_prefix(whole) == whole.size());
  const auto part = GENERATE(range(1U, 16U));
  const auto at = whole.size() * part / 16;
  CAPTURE(part, at);
  auto bytes = whole;
  SECTION("cut") {
    bytes.resize(at);
  }
  SECTION("one bit") {
    bytes[at] = static_cast<char>(bytes[at] ^ 0x10);
  }
  SECTION("a hole") {
    bytes.replace(at, 100, std::string(std::min<std::size_t>(100, bytes.size() - at), '\0'));
  }
  set_bytes(file, bytes);
  CHECK(backends::leveldb::intact_prefix(bytes) <= at);
  const auto left = commits_left(here, log);
  CHECK(left < 8);
  if (at > whole.size() / 2) CHECK(left >= 4);
  // It stays so, and goes on.
  CHECK(commits_left(here, log) == left);
}

TEST_CASE("a damaged log with a newer one behind it is called corrupt") {
  const trial here(leveldb_subject());
  written(here);
  const auto file = log_of(here);
  auto bytes = bytes_of(file);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  set_bytes(folder_of(here) / "000099.log", "");
  set_bytes(file, bytes);
  CHECK(code_of(here.open(primary_owner())) == errc::store_corrupt);
  CHECK(bytes_of(file) == bytes);
}

TEST_CASE("a secondary in LevelDB keeps what was applied over many logs") {
  const trial here(leveldb_subject());
  auto log = detached_history();
  const std::string large(std::size_t{1} << 20, 'x');
  backends::store_point stands;
  {
    const auto store = must(here.open(secondary_owner()));
    const auto session = must(store->open_secondary());
    for (int i = 0; i < 40; ++i) {
      const auto planned = log.plan({{put("c", std::to_string(i), '"' + large + '"')}});
      must(apply_group(*session, stands, applied(planned.next), planned));
      stands = applied(planned.next);
      log.accept(planned);
    }
    must(session->sync());
  }
  const auto store = must(here.open(secondary_owner()));
  CHECK(must(must(store->open_secondary())->state()).point == stands);
  const auto reader = must(store->open_reader());
  for (const auto& [id, document] : log.documents()) {
    const std::vector ids{id};
    CHECK((must(reader->get(ids)).documents.front() == document));
  }
}

TEST_CASE("the size of a LevelDB's cache is a number") {
  const trial here(leveldb_subject());
  const auto open = [&](const std::string& url) {
    return here.engine().open({.url = url, .folder = here.location().folder}, primary_owner(),
                              backends::foreign_policy::refuse, first_epoch);
  };
  CHECK(code_of(open("leveldb:kv?cache_mib=x")) == errc::invalid_parameter);
  CHECK(code_of(open("leveldb:kv?cache_mib=")) == errc::invalid_parameter);
  CHECK(code_of(open("leveldb:kv?cache=1")) == errc::invalid_parameter);
  CHECK(code_of(open("leveldb:")) == errc::invalid_parameter);
  must(open("leveldb:deep/down/kv?cache_mib=8"));
}
