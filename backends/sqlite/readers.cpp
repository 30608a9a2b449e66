#include "backends/sqlite/readers.hpp"

#include <utility>

#include "backends/key_range.hpp"
#include "backends/sqlite/rows.hpp"
#include "backends/sqlite/snapshot.hpp"
#include "backends/sqlite/statement.hpp"

namespace keelson::backends::sqlite {

namespace {

constexpr const char* scan_forward =
    "SELECT collection, key, version, time, hash, meta, value FROM documents"
    " WHERE (collection, key) >= (?1, ?2) AND (collection, key) < (?3, ?4)"
    " ORDER BY collection, key";
constexpr const char* scan_backward =
    "SELECT collection, key, version, time, hash, meta, value FROM documents"
    " WHERE (collection, key) >= (?1, ?2) AND (collection, key) < (?3, ?4)"
    " ORDER BY collection DESC, key DESC";
constexpr const char* scan_forward_without_values =
    "SELECT collection, key, version, time, hash, meta, NULL FROM documents"
    " WHERE (collection, key) >= (?1, ?2) AND (collection, key) < (?3, ?4)"
    " ORDER BY collection, key";
constexpr const char* scan_backward_without_values =
    "SELECT collection, key, version, time, hash, meta, NULL FROM documents"
    " WHERE (collection, key) >= (?1, ?2) AND (collection, key) < (?3, ?4)"
    " ORDER BY collection DESC, key DESC";

/// What readers of both roles do; `stand` is where they differ.
template <class Interface>
class reader : public Interface {
 public:
  reader(std::shared_ptr<store> keep, connection db) : keep_(std::move(keep)), db_(std::move(db)) {}

  result<store_point> point() final { return stand(); }

  result<documents_read> get(std::span<const document_id> ids, std::size_t max_bytes) final {
    const snapshot seen(snapshots_);
    auto at = stand();
    if (!at) return pass_on(std::move(at));
    auto documents = finder_.find(ids, max_bytes);
    if (!documents) return pass_on(std::move(documents));
    return documents_read{.at = {*at, *at}, .documents = std::move(*documents)};
  }

  result<scan_page> scan(const scan_request& request) final {
    const snapshot seen(snapshots_);
    auto at = stand();
    if (!at) return pass_on(std::move(at));
    scan_page page{.at = {*at, *at}};
    if (auto done = fill(request, page); !done) return pass_on(std::move(done));
    return page;
  }

 protected:
  [[nodiscard]] virtual result<store_point> stand() = 0;
  [[nodiscard]] connection& db() noexcept { return db_; }
  [[nodiscard]] snapshot_statements& snapshots() noexcept { return snapshots_; }

 private:
  statement& statement_for(const scan_request& request) {
    const bool forward = request.direction == scan_direction::forward;
    if (request.content == scan_content::whole) return forward ? forward_ : backward_;
    return forward ? bare_forward_ : bare_backward_;
  }

  result<void> fill(const scan_request& request, scan_page& page) {
    const auto range = range_of(request);
    statement::use rows(statement_for(request));
    rows.text(1, range.first.collection).text(2, range.first.key);
    rows.text(3, range.end.collection).text(4, range.end.key);
    std::size_t bytes = 0;
    while (true) {
      const auto row = rows.step();
      if (!row) return std::unexpected(row.error());
      if (!*row) {
        page.at_end = true;
        return {};
      }
      bytes += rows.view(6).size();
      if (page.documents.size() >= request.max_documents) return {};
      if (bytes > request.max_bytes && !page.documents.empty()) return {};
      auto document = read_document(rows, 2,
                                    {collection_name::trusted(std::string(rows.view(0))),
                                     document_key::trusted(std::string(rows.view(1)))});
      if (!document) return pass_on(std::move(document));
      page.documents.push_back(std::move(*document));
    }
  }

  std::shared_ptr<store> keep_;
  connection db_;
  snapshot_statements snapshots_{db_};
  document_finder finder_{db_};
  statement forward_{db_, scan_forward};
  statement backward_{db_, scan_backward};
  statement bare_forward_{db_, scan_forward_without_values};
  statement bare_backward_{db_, scan_backward_without_values};
};

class reader_of_secondary final : public reader<store_reader> {
 public:
  using reader::reader;

 private:
  result<store_point> stand() override {
    auto state = read_state(state_);
    if (!state) return pass_on(std::move(state));
    return std::move(state->point);
  }

  statement state_{db(), select_applied};
};

class reader_of_primary final : public reader<primary_reader> {
 public:
  using reader::reader;

  result<primary_meta> meta() override { return read_meta(meta_); }

  result<log_slice> read_log(sequence after, std::size_t max_records,
                             std::size_t max_bytes) override {
    const snapshot seen(snapshots());
    auto meta = read_meta(meta_);
    if (!meta) return pass_on(std::move(meta));
    log_slice slice{.meta = std::move(*meta)};
    statement::use rows(log_);
    rows.number(1, after.value);
    std::size_t bytes = 0;
    while (true) {
      const auto row = rows.step();
      if (!row) return std::unexpected(row.error());
      if (!*row) return slice;
      auto record = read_record(rows);
      if (!record) return pass_on(std::move(record));
      const bool commit_ends = record->ends_commit != 0;
      bytes +=
          record->value.size() + record->id.key.text().size() + record->id.collection.text().size();
      slice.records.push_back(std::move(*record));
      if (commit_ends && (slice.records.size() >= max_records || bytes >= max_bytes)) return slice;
    }
  }

  result<std::optional<hash256>> chain_at(sequence at) override {
    const snapshot seen(snapshots());
    const auto meta = read_meta(meta_);
    if (!meta) return std::unexpected(meta.error());
    if (at == meta->oldest) return meta->oldest_chain;
    statement::use row(chain_);
    const auto any = row.number(1, at.value).step();
    if (!any) return std::unexpected(any.error());
    if (!*any) return std::nullopt;
    return hash256::from_bytes(row.view(0));
  }

  result<std::vector<system_row>> system_rows(std::string_view prefix, std::string_view after,
                                              std::size_t limit) override {
    const std::string behind = after.empty() ? std::string() : std::string(after) + '\0';
    std::vector<system_row> found;
    statement::use rows(system_);
    rows.bytes(1, std::max(prefix, std::string_view(behind)));
    while (found.size() < limit) {
      const auto row = rows.step();
      if (!row) return std::unexpected(row.error());
      if (!*row || !rows.view(0).starts_with(prefix)) break;
      found.push_back({std::string(rows.view(0)), std::string(rows.view(1))});
    }
    return found;
  }

 private:
  result<store_point> stand() override {
    const auto meta = read_meta(meta_);
    if (!meta) return std::unexpected(meta.error());
    return store_point{.what = store_point::phase::applied, .at = meta->end()};
  }

  statement meta_{db(), select_meta};
  statement log_{db(), select_log};
  statement chain_{db(), "SELECT chain FROM log WHERE sequence = ?1 AND ends_commit = 1"};
  statement system_{db(), "SELECT key, value FROM system WHERE key >= ?1 ORDER BY key"};
};

}  // namespace

std::unique_ptr<primary_reader> new_primary_reader(std::shared_ptr<store> keep, connection db) {
  return std::make_unique<reader_of_primary>(std::move(keep), std::move(db));
}

std::unique_ptr<store_reader> new_secondary_reader(std::shared_ptr<store> keep, connection db) {
  return std::make_unique<reader_of_secondary>(std::move(keep), std::move(db));
}

}  // namespace keelson::backends::sqlite
