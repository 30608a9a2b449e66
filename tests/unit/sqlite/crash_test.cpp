#include <csignal>
#include <fstream>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/sqlite/fixture.hpp"

using namespace keelson;
using namespace keelson::backends;
using namespace keelson::sqlite_tests;

namespace {

/// In a child: commits numbered documents, reporting each one that was acknowledged, until killed.
[[noreturn]] void write_until_killed(const std::filesystem::path& folder, int report) {
  auto store = open(folder, store_role::primary);
  if (!store) _exit(1);
  auto session = (*store)->open_primary();
  if (!session) _exit(1);
  const std::string value(2000, '7');
  for (char n = 0;; ++n) {
    const auto last = (*session)->meta()->last.value;
    if (!put(**session, "key-" + std::to_string(last % 5000), value)) _exit(1);
    if (::write(report, &n, 1) != 1) _exit(1);
  }
}

/// Kills a writing child after it acknowledged `commits` more.
void write_and_kill(const std::filesystem::path& folder, int commits) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const auto child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) write_until_killed(folder, ends[1]);
  ::close(ends[1]);
  char byte = 0;
  for (int n = 0; n < commits; ++n) REQUIRE(::read(ends[0], &byte, 1) == 1);
  ::kill(child, SIGKILL);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  ::close(ends[0]);
  REQUIRE(WIFSIGNALED(status));
}

/// No file of this process grows beyond `bytes` within its scope: a disk that fails.
class smaller_files {
 public:
  explicit smaller_files(rlim_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    old_handler_ = std::signal(SIGXFSZ, SIG_IGN);
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~smaller_files() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, old_handler_);
  }
  smaller_files(const smaller_files&) = delete;
  smaller_files& operator=(const smaller_files&) = delete;

 private:
  rlimit before_{};
  void (*old_handler_)(int) = nullptr;
};

}  // namespace

TEST_CASE("a process killed while it writes leaves every acknowledged commit and our mark") {
  const temporary_folder folder;
  std::uint64_t acknowledged = 0;
  for (const int commits : {1, 300, 1500}) {  // the last passes a checkpoint
    write_and_kill(folder.path(), commits);
    acknowledged += static_cast<std::uint64_t>(commits);
    const auto before = folder.files();
    const auto found = must(inspect(folder.path()));
    CHECK(found.what == place::kind::ours);
    CHECK(found.owner == owner_of(store_role::primary));
    CHECK(folder.files() == before);

    const auto store = must(open(folder.path(), store_role::primary));
    const auto reader = must(store->open_primary_reader());
    const auto meta = must(reader->meta());
    CHECK(meta.last.value >= acknowledged);
    acknowledged = meta.last.value;
    const auto slice = must(reader->read_log({}, 1'000'000, std::size_t{1} << 30));
    REQUIRE(slice.records.size() == acknowledged);
    auto chain = chain_start(meta.log_id);
    for (const auto& record : slice.records) {
      chain = chain_next(chain, {record.at.value - 1}, {&record, 1});
    }
    CHECK(chain == meta.chain);
  }
}

TEST_CASE("the mark is found when a crash left a checkpoint half done") {
  const temporary_folder folder;
  const temporary_folder crashed;
  {
    const auto store = must(open(folder.path(), store_role::primary));
    const auto session = must(store->open_primary());
    must(put(*session, "a", std::string(100'000, '1')));
    for (const auto* suffix : {"", "-wal", "-shm"}) {
      const auto name = std::string("store.db") + suffix;
      std::filesystem::copy_file(folder.path() / name, crashed.path() / name);
    }
  }
  // The first page was copied and tells of pages that the file does not have yet.
  std::fstream file(crashed.path() / "store.db", std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(28).write("\0\0\1\0", 4);
  file.close();
  const auto before = crashed.files();
  const auto found = must(inspect(crashed.path()));
  CHECK(found.owner == owner_of(store_role::primary));
  CHECK(crashed.files() == before);
  const auto store = must(open(crashed.path(), store_role::primary));
  CHECK(must(must(store->open_reader())->get(std::vector{id_of("a")})).documents[0]);
}

TEST_CASE("a commit that the disk did not take is unknown, and the store has to be opened anew") {
  const temporary_folder folder;
  primary_meta before;
  {
    const auto store = must(open(folder.path(), store_role::primary));
    const auto session = must(store->open_primary());
    must(put(*session, "a", "1"));
    before = must(session->meta());
    {
      const auto log = folder.path() / "store.db-wal";
      const smaller_files limit(std::filesystem::file_size(log) + 1);
      const auto failed = put(*session, "b", std::string(100'000, '2'));
      REQUIRE_FALSE(failed);
      CHECK(failed.error().code == errc::outcome_unknown);
    }
    for (int n = 0; n < 2; ++n) {
      const auto again = put(*session, "b", "2");
      REQUIRE_FALSE(again);
      CHECK(again.error().code == errc::store_io);
    }
    const auto another = store->open_primary();
    REQUIRE_FALSE(another);
    CHECK(another.error().code == errc::store_io);
    CHECK(must(must(store->open_reader())->get(std::vector{id_of("a")})).documents[0]);
  }
  const auto store = must(open(folder.path(), store_role::primary));
  const auto session = must(store->open_primary());
  CHECK(must(session->meta()) == before);
  must(put(*session, "b", "2"));
}

TEST_CASE("a disk that fails under a secondary costs what was not synced at most") {
  const temporary_folder folder;
  {
    const auto store = must(open(folder.path(), store_role::secondary));
    const auto session = must(store->open_secondary());
    must(put(*session, "a", "1"));
    must(session->sync());
    const smaller_files limit(std::filesystem::file_size(folder.path() / "store.db-wal") + 1);
    const auto failed = put(*session, "b", std::string(100'000, '2'));
    REQUIRE_FALSE(failed);
    CHECK(failed.error().code == errc::store_io);
    const auto synced = session->sync();
    REQUIRE_FALSE(synced);
    CHECK(synced.error().code == errc::store_io);
  }
  const auto store = must(open(folder.path(), store_role::secondary));
  const auto session = must(store->open_secondary());
  CHECK(must(session->state()).point.at.at.at.value == 1);
  must(put(*session, "b", "2"));
}
