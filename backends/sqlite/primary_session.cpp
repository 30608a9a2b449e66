#include <algorithm>
#include <utility>

#include "backends/sqlite/rows.hpp"
#include "backends/sqlite/sessions.hpp"
#include "backends/sqlite/snapshot.hpp"
#include "backends/sqlite/statement.hpp"

namespace keelson::backends::sqlite {

namespace {

constexpr const char* write_system = "INSERT OR REPLACE INTO system (key, value) VALUES (?1, ?2)";

/// The last commit that ends among the first ?1 records and not after ?2.
constexpr const char* select_cut =
    "SELECT sequence, chain FROM"
    " (SELECT sequence, chain, ends_commit FROM log ORDER BY sequence LIMIT ?1)"
    " WHERE ends_commit = 1 AND sequence <= ?2 ORDER BY sequence DESC LIMIT 1";

/// log_bytes_of() over records. length() of a text counts characters, of a blob bytes.
constexpr const char* select_bytes =
    "SELECT sum(length(CAST(collection AS BLOB)) + length(CAST(key AS BLOB))"
    " + length(CAST(value AS BLOB))) FROM log WHERE sequence <= ?1";

class sqlite_primary_session final : public primary_session {
 public:
  sqlite_primary_session(writing_turn turn, connection db)
      : turn_(std::move(turn)), db_(std::move(db)) {}

  result<primary_meta> meta() override {
    if (auto fit = turn_.store().check(); !fit) return pass_on(std::move(fit));
    return read_meta(meta_);
  }

  result<primary_view> read(std::span<const document_id> ids,
                            std::span<const std::string> system_keys) override {
    if (auto fit = turn_.store().check(); !fit) return pass_on(std::move(fit));
    const snapshot seen(snapshots_);
    auto documents = finder_.find(ids, store_reader::no_limit);
    if (!documents) return pass_on(std::move(documents));
    primary_view view{.documents = std::move(*documents)};
    for (const auto& key : system_keys) {
      statement::use row(system_);
      const auto any = row.bytes(1, key).step();
      if (!any) return std::unexpected(any.error());
      view.system.push_back(*any ? std::optional<std::string>(row.view(0)) : std::nullopt);
    }
    return view;
  }

  result<void> commit(const commit_batch& batch) override {
    const transaction_guard guard(db_);
    if (auto begun = begin(); !begun) return begun;
    if (auto written = write(batch); !written) return failed(std::move(written));
    return end();
  }

  result<primary_meta> trim(sequence through, std::size_t max_records) override {
    const transaction_guard guard(db_);
    if (auto begun = begin(); !begun) return pass_on(std::move(begun));
    auto meta = read_meta(meta_);
    if (!meta) return meta;
    const auto oldest = meta->oldest;
    if (auto cut = remove_records(*meta, through, max_records); !cut) {
      return pass_on(failed(std::move(cut)));
    }
    if (meta->oldest == oldest) return meta;
    if (auto done = end(); !done) return pass_on(std::move(done));
    return meta;
  }

 private:
  result<void> begin() {
    if (auto fit = turn_.store().check(); !fit) return fit;
    return failed(statement::use(begin_).finish());
  }

  /// A lock that is held elsewhere or a full disk leave nothing behind: SQLite marks the end of the
  /// transaction with its last page. After any other failure the mark may be in the log, to be
  /// found or not by whoever recovers it.
  result<void> end() {
    auto done = statement::use(commit_).finish();
    if (done) return done;
    auto why = std::move(done).error();
    if (why.code == errc::unavailable || why.code == errc::storage_full) {
      return std::unexpected(std::move(why));
    }
    why = turn_.store().noted({.code = errc::store_io, .detail = std::move(why.detail)});
    why.code = errc::outcome_unknown;
    return std::unexpected(std::move(why));
  }

  result<void> failed(result<void> outcome) {
    if (outcome) return outcome;
    return std::unexpected(turn_.store().noted(std::move(outcome).error()));
  }

  result<void> write(const commit_batch& batch) {
    // The fence comes first: it costs the least when it fails.
    auto moved = write_meta(batch.next, batch.expected_last, batch.expected_term);
    if (!moved) return moved;
    if (auto done = documents_.apply(batch.rows); !done) return done;
    statement::use insert(insert_log_);
    for (const auto& record : batch.records) {
      bind_record(insert, record);
      if (auto done = insert.finish(); !done) return done;
    }
    for (const auto& row : batch.system) {
      statement::use use(row.value ? write_system_ : remove_system_);
      use.bytes(1, row.key);
      if (row.value) use.bytes(2, *row.value);
      if (auto done = use.finish(); !done) return done;
    }
    return {};
  }

  result<void> write_meta(const primary_meta& next, sequence last, std::uint64_t term) {
    const auto epochs = epochs_text(next);
    statement::use use(update_meta_);
    bind_meta(use, next, epochs);
    if (auto done = use.number(12, last.value).number(13, term).finish(); !done) return done;
    if (db_.changed() == 1) return {};
    return fail(errc::fenced, "the log does not end where this writer left it");
  }

  result<void> remove_records(primary_meta& meta, sequence through, std::size_t max_records) {
    {
      statement::use cut(cut_);
      const auto any = cut.number(1, max_records).number(2, through.value).step();
      if (!any) return std::unexpected(any.error());
      if (!*any) return {};
      const auto chain = hash256::from_bytes(cut.view(1));
      if (!chain) return std::unexpected(chain.error());
      meta.oldest = {cut.natural(0)};
      meta.oldest_chain = *chain;
    }
    {
      statement::use sum(bytes_);
      const auto any = sum.number(1, meta.oldest.value).step();
      if (!any) return std::unexpected(any.error());
      meta.log_bytes -= std::min(meta.log_bytes, sum.natural(0));
    }
    if (auto done = statement::use(delete_log_).number(1, meta.oldest.value).finish(); !done) {
      return done;
    }
    return write_meta(meta, meta.last, meta.term);
  }

  writing_turn turn_;
  connection db_;
  snapshot_statements snapshots_{db_};
  statement begin_{db_, "BEGIN IMMEDIATE"};
  statement commit_{db_, "COMMIT"};
  statement meta_{db_, select_meta};
  statement update_meta_{db_, update_meta};
  document_finder finder_{db_};
  document_writer documents_{db_};
  statement insert_log_{db_, insert_log};
  statement system_{db_, "SELECT value FROM system WHERE key = ?1"};
  statement write_system_{db_, write_system};
  statement remove_system_{db_, "DELETE FROM system WHERE key = ?1"};
  statement cut_{db_, select_cut};
  statement bytes_{db_, select_bytes};
  statement delete_log_{db_, "DELETE FROM log WHERE sequence <= ?1"};
};

}  // namespace

std::unique_ptr<primary_session> new_primary_session(writing_turn turn, connection db) {
  return std::make_unique<sqlite_primary_session>(std::move(turn), std::move(db));
}

}  // namespace keelson::backends::sqlite
