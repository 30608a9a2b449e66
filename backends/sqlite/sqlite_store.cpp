#include "backends/sqlite/sqlite_store.hpp"

#include <utility>

#include "backends/sqlite/readers.hpp"
#include "backends/sqlite/sessions.hpp"

namespace keelson::backends::sqlite {

namespace {

/// 64 MiB of pages, and no zeros over what is deleted, which Debian's build would write. Memory
/// mapping stays off: an error of the disk would be a SIGBUS instead of a result. The log's file is
/// cut back to 64 MiB after a burst.
constexpr const char* writer_settings =
    "PRAGMA cache_size = -65536;"
    "PRAGMA secure_delete = OFF;"
    "PRAGMA temp_store = MEMORY;"
    "PRAGMA journal_size_limit = 67108864;"
    "PRAGMA trusted_schema = OFF";

/// Small: a commit of the writer empties the cache of every other connection.
constexpr const char* reader_settings =
    "PRAGMA cache_size = -4096;"
    "PRAGMA trusted_schema = OFF";

}  // namespace

result<std::shared_ptr<sqlite_store>> sqlite_store::open(std::filesystem::path file,
                                                         store_role role, file_lock lock) {
  std::shared_ptr<sqlite_store> opened(new sqlite_store(std::move(file), role, std::move(lock)));
  auto checkpointer = checkpointer::start(opened->file_, opened->failed_);
  if (!checkpointer) return pass_on(std::move(checkpointer));
  opened->checkpointer_ = std::move(*checkpointer);
  return opened;
}

result<void> sqlite_store::check() const {
  if (!failed_) return {};
  return fail(errc::store_io, file_.string() + " failed before and has to be opened anew");
}

error sqlite_store::noted(error e) {
  if (e.code == errc::store_io) failed_ = true;
  return e;
}

result<void> sqlite_store::expect(store_role role) const {
  if (role == role_) return {};
  return fail(errc::not_supported,
              file_.string() + (role_ == store_role::primary ? " is open as a primary"
                                                             : " is open as a secondary"));
}

result<connection> sqlite_store::open_writer(open_mode mode, const char* synchronous) {
  auto db = connection::open(file_, mode);
  if (!db) return db;
  if (auto done = db->run(writer_settings); !done) return pass_on(std::move(done));
  if (auto done = db->run(synchronous); !done) return pass_on(std::move(done));
  checkpointer_->watch(*db);
  return db;
}

result<std::unique_ptr<primary_session>> sqlite_store::open_primary() {
  if (auto right = expect(store_role::primary); !right) return pass_on(std::move(right));
  if (auto fit = check(); !fit) return pass_on(std::move(fit));
  auto turn = writing_turn::take(shared_from_this());
  if (!turn) return pass_on(std::move(turn));
  auto db = open_writer(open_mode::gathering, "PRAGMA synchronous = FULL");
  if (!db) return pass_on(std::move(db));
  return new_primary_session(std::move(*turn), std::move(*db));
}

result<std::unique_ptr<secondary_session>> sqlite_store::open_secondary() {
  if (auto right = expect(store_role::secondary); !right) return pass_on(std::move(right));
  if (auto fit = check(); !fit) return pass_on(std::move(fit));
  auto turn = writing_turn::take(shared_from_this());
  if (!turn) return pass_on(std::move(turn));
  auto db = open_writer(open_mode::read_write, "PRAGMA synchronous = NORMAL");
  if (!db) return pass_on(std::move(db));
  return new_secondary_session(std::move(*turn), std::move(*db));
}

result<std::unique_ptr<store_reader>> sqlite_store::open_reader() {
  auto db = connection::open(file_, open_mode::read_only);
  if (!db) return pass_on(std::move(db));
  if (auto done = db->run(reader_settings); !done) return pass_on(std::move(done));
  if (role_ == store_role::primary) return new_primary_reader(shared_from_this(), std::move(*db));
  return new_secondary_reader(shared_from_this(), std::move(*db));
}

result<std::unique_ptr<primary_reader>> sqlite_store::open_primary_reader() {
  if (auto right = expect(store_role::primary); !right) return pass_on(std::move(right));
  auto db = connection::open(file_, open_mode::read_only);
  if (!db) return pass_on(std::move(db));
  if (auto done = db->run(reader_settings); !done) return pass_on(std::move(done));
  return new_primary_reader(shared_from_this(), std::move(*db));
}

result<writing_turn> writing_turn::take(std::shared_ptr<sqlite_store> of) {
  if (of->writing_.exchange(true)) {
    return fail(errc::busy, of->file_.string() + " has a writing session already");
  }
  return writing_turn(std::move(of));
}

}  // namespace keelson::backends::sqlite
