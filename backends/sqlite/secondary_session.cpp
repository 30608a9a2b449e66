#include <utility>

#include "backends/sqlite/rows.hpp"
#include "backends/sqlite/sessions.hpp"
#include "backends/sqlite/statement.hpp"

namespace keelson::backends::sqlite {

namespace {

class sqlite_secondary_session final : public secondary_session {
 public:
  sqlite_secondary_session(writing_turn turn, connection db)
      : turn_(std::move(turn)), db_(std::move(db)) {}

  result<secondary_state> state() override {
    if (auto fit = turn_.store().check(); !fit) return pass_on(std::move(fit));
    return read_state(state_);
  }

  result<void> apply(const apply_batch& batch) override {
    if (auto fit = turn_.store().check(); !fit) return fit;
    const transaction_guard guard(db_);
    auto written = statement::use(begin_).finish();
    if (written) written = move_point(batch);
    if (written) written = documents_.apply(batch.rows);
    if (written) written = statement::use(commit_).finish();
    if (written) return written;
    return std::unexpected(turn_.store().noted(std::move(written).error()));
  }

  /// With synchronous=NORMAL a commit goes to the write-ahead log unsynced. A checkpoint would sync
  /// it, but also copy pages, and not at all while another one runs; the log's own file is enough:
  /// what a checkpoint has already moved out of it, it has synced in the database.
  result<void> sync() override {
    if (auto fit = turn_.store().check(); !fit) return fit;
    // A connection has the log open only once it has read.
    if (const auto state = read_state(state_); !state) return std::unexpected(state.error());
    sqlite3_file* log = nullptr;
    int code = sqlite3_file_control(db_.raw(), "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
    if (code == SQLITE_OK && log->pMethods != nullptr) {
      code = log->pMethods->xSync(log, SQLITE_SYNC_NORMAL);
    }
    if (code == SQLITE_OK) return {};
    return std::unexpected(
        turn_.store().noted(to_error(db_.raw(), code, "sync the write-ahead log")));
  }

 private:
  result<void> move_point(const apply_batch& batch) {
    statement::use use(update_);
    use.number(1, batch.counts.documents).number(2, batch.counts.bytes);
    bind_point(use, 3, batch.next);
    bind_point(use, 9, batch.expected);
    if (auto done = use.finish(); !done) return done;
    if (db_.changed() == 1) return {};
    return fail(errc::wrong_position, "the store does not stand where the replicator left it");
  }

  writing_turn turn_;
  connection db_;
  statement begin_{db_, "BEGIN IMMEDIATE"};
  statement commit_{db_, "COMMIT"};
  statement state_{db_, select_applied};
  statement update_{db_, update_applied};
  document_writer documents_{db_};
};

}  // namespace

std::unique_ptr<secondary_session> new_secondary_session(writing_turn turn, connection db) {
  return std::make_unique<sqlite_secondary_session>(std::move(turn), std::move(db));
}

}  // namespace keelson::backends::sqlite
