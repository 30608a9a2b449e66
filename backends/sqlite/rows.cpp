#include "backends/sqlite/rows.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace keelson::backends::sqlite {

namespace {

using phase = store_point::phase;
constexpr std::array<std::pair<phase, std::string_view>, 3> phase_words{{
    {phase::empty, "empty"},
    {phase::applied, "applied"},
    {phase::rebuilding, "rebuilding"},
}};

/// A hash from a column of the log, where NULL stands for zero bytes.
result<hash256> read_hash_or_null(const statement::use& row, int column) {
  const auto raw = row.view(column);
  if (raw.empty()) return hash256{};
  return hash256::from_bytes(raw);
}

void bind_hash_or_null(statement::use& use, int parameter, const hash256& hash) {
  if (hash.is_zero()) {
    use.null(parameter);
  } else {
    use.bytes(parameter, hash.view());
  }
}

}  // namespace

result<document> read_document(const statement::use& row, int column, document_id id) {
  const auto hash = hash256::from_bytes(row.view(column + 2));
  if (!hash) return std::unexpected(hash.error());
  return document{.id = std::move(id),
                  .version = {row.natural(column)},
                  .time = {row.integer(column + 1)},
                  .hash = *hash,
                  .meta = std::string(row.view(column + 3)),
                  .value = std::string(row.view(column + 4))};
}

result<void> document_writer::apply(std::span<const row_view> rows) {
  statement::use write(write_);
  statement::use remove(remove_);
  for (const auto& row : rows) {
    auto& use = row.op == change_op::put ? write : remove;
    use.text(1, row.id->collection.text()).text(2, row.id->key.text());
    if (row.op == change_op::put) {
      use.number(3, row.version.value).number(4, row.time.microseconds);
      use.bytes(5, row.hash.view()).text(6, row.meta).text(7, row.value);
    }
    if (auto done = use.finish(); !done) return done;
  }
  return {};
}

result<std::vector<std::optional<document>>> document_finder::find(std::span<const document_id> ids,
                                                                   std::size_t max_bytes) {
  byte_budget budget(max_bytes);
  std::vector<std::optional<document>> found(ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    statement::use use(find_);
    use.text(1, ids[i].collection.text()).text(2, ids[i].key.text());
    const auto row = use.step();
    if (!row) return std::unexpected(row.error());
    if (!*row) continue;
    auto document = read_document(use, 0, ids[i]);
    if (!document) return pass_on(std::move(document));
    if (auto taken = budget.take(document->value.size()); !taken) return pass_on(std::move(taken));
    found[i] = std::move(*document);
  }
  return found;
}

result<primary_meta> read_meta(statement& select) {
  statement::use row(select);
  const auto any = row.step();
  if (!any) return std::unexpected(any.error());
  if (!*any) return fail(errc::store_corrupt, "the meta row is missing");
  auto epochs = parse_epochs(row.view(1));
  if (!epochs) return pass_on(std::move(epochs));
  const auto chain = hash256::from_bytes(row.view(3));
  if (!chain) return std::unexpected(chain.error());
  const auto oldest_chain = hash256::from_bytes(row.view(7));
  if (!oldest_chain) return std::unexpected(oldest_chain.error());
  return primary_meta{.log_id = std::string(row.view(0)),
                      .epochs = std::move(*epochs),
                      .last = {row.natural(2)},
                      .chain = *chain,
                      .term = row.natural(4),
                      .last_time = {row.integer(5)},
                      .oldest = {row.natural(6)},
                      .oldest_chain = *oldest_chain,
                      .documents = row.natural(8),
                      .bytes = row.natural(9),
                      .log_bytes = row.natural(10)};
}

void bind_meta(statement::use& use, const primary_meta& meta, std::string_view epochs) {
  use.text(1, meta.log_id).text(2, epochs).number(3, meta.last.value).bytes(4, meta.chain.view());
  use.number(5, meta.term).number(6, meta.last_time.microseconds).number(7, meta.oldest.value);
  use.bytes(8, meta.oldest_chain.view()).number(9, meta.documents).number(10, meta.bytes);
  use.number(11, meta.log_bytes);
}

result<secondary_state> read_state(statement& select) {
  statement::use row(select);
  const auto any = row.step();
  if (!any) return std::unexpected(any.error());
  if (!*any) return fail(errc::store_corrupt, "the row of the applied position is missing");
  const auto word =
      std::ranges::find(phase_words, row.view(0), &decltype(phase_words)::value_type::second);
  if (word == phase_words.end()) {
    return fail(errc::store_corrupt, "the applied position has an unknown phase");
  }
  const auto chain = hash256::from_bytes(row.view(3));
  if (!chain) return std::unexpected(chain.error());
  secondary_state state;
  state.point.what = word->first;
  state.point.at = {{std::string(row.view(1)), {row.natural(2)}}, *chain};
  state.point.copied = {collection_name::trusted(std::string(row.view(4))),
                        document_key::trusted(std::string(row.view(5)))};
  state.counts = {.documents = row.natural(6), .bytes = row.natural(7)};
  return state;
}

void bind_point(statement::use& use, int parameter, const store_point& point) {
  const auto word =
      std::ranges::find(phase_words, point.what, &decltype(phase_words)::value_type::first);
  use.text(parameter, word->second)
      .text(parameter + 1, point.at.at.epoch)
      .number(parameter + 2, point.at.at.at.value)
      .bytes(parameter + 3, point.at.chain.view())
      .text(parameter + 4, point.copied.collection.text())
      .text(parameter + 5, point.copied.key.text());
}

result<log_record> read_record(const statement::use& row) {
  const auto chain = read_hash_or_null(row, 2);
  if (!chain) return std::unexpected(chain.error());
  const auto before = read_hash_or_null(row, 9);
  if (!before) return std::unexpected(before.error());
  const auto after = read_hash_or_null(row, 10);
  if (!after) return std::unexpected(after.error());
  return log_record{.at = {row.natural(0)},
                    .ends_commit = static_cast<std::uint8_t>(row.integer(1)),
                    .chain = *chain,
                    .time = {row.integer(3)},
                    .id = {collection_name::trusted(std::string(row.view(4))),
                           document_key::trusted(std::string(row.view(5)))},
                    .op = static_cast<change_op>(row.integer(6)),
                    .previous = {row.natural(7)},
                    .bytes_before = row.natural(8),
                    .hash_before = *before,
                    .hash_after = *after,
                    .meta = std::string(row.view(11)),
                    .value = std::string(row.view(12)),
                    .image_before = std::string(row.view(13)),
                    .principal = std::string(row.view(14)),
                    .request_id = std::string(row.view(15))};
}

void bind_record(statement::use& use, const log_record& record) {
  use.number(1, record.at.value).number(2, std::uint64_t{record.ends_commit});
  bind_hash_or_null(use, 3, record.chain);
  use.number(4, record.time.microseconds);
  use.text(5, record.id.collection.text()).text(6, record.id.key.text());
  use.number(7, static_cast<std::uint64_t>(record.op)).number(8, record.previous.value);
  use.number(9, record.bytes_before);
  bind_hash_or_null(use, 10, record.hash_before);
  bind_hash_or_null(use, 11, record.hash_after);
  use.text(12, record.meta).text(13, record.value).text(14, record.image_before);
  use.text(15, record.principal).text(16, record.request_id);
}

}  // namespace keelson::backends::sqlite
