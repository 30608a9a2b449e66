#include "backends/postgres/rows.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "protocols/model/canonical_json.hpp"

namespace keelson::backends::postgres {

namespace {

using phase = store_point::phase;
constexpr std::array<std::pair<phase, std::string_view>, 3> phase_words{{
    {phase::empty, "empty"},
    {phase::applied, "applied"},
    {phase::rebuilding, "rebuilding"},
}};

std::string text_at(const answer& from, int row, int column) {
  return std::string(from.bytes(row, column));
}

/// A hash where NULL stands for zero bytes.
result<hash256> hash_or_null(const answer& from, int row, int column) {
  if (from.is_null(row, column)) return hash256{};
  return hash256::from_bytes(from.bytes(row, column));
}

/// The canonical form of a jsonb. What somebody else put there may have none: then it is what the
/// server shows, which equals no document of ours.
std::string value_at(const answer& from, int row, int column) {
  auto text = from.bytes(row, column);
  if (text.empty()) return {};
  text.remove_prefix(1);  // the version of jsonb_send's format
  auto canonical = restore_canonical(text);
  return canonical ? *std::move(canonical) : std::string(text);
}

}  // namespace

result<primary_meta> read_meta(const answer& from) {
  if (from.rows() == 0) return fail(errc::store_corrupt, "the meta row is missing");
  auto epochs = parse_epochs(from.bytes(0, 1));
  if (!epochs) return pass_on(std::move(epochs));
  const auto chain = hash256::from_bytes(from.bytes(0, 3));
  if (!chain) return std::unexpected(chain.error());
  const auto oldest_chain = hash256::from_bytes(from.bytes(0, 7));
  if (!oldest_chain) return std::unexpected(oldest_chain.error());
  return primary_meta{.log_id = text_at(from, 0, 0),
                      .epochs = std::move(*epochs),
                      .last = {from.natural(0, 2)},
                      .chain = *chain,
                      .term = from.natural(0, 4),
                      .last_time = {from.integer(0, 5)},
                      .oldest = {from.natural(0, 6)},
                      .oldest_chain = *oldest_chain,
                      .documents = from.natural(0, 8),
                      .bytes = from.natural(0, 9),
                      .log_bytes = from.natural(0, 10)};
}

void bind_meta(parameters& to, const primary_meta& meta, std::string_view epochs) {
  to.bytes(meta.log_id).bytes(epochs).number(meta.last.value).bytes(meta.chain.view());
  to.number(meta.term).number(meta.last_time.microseconds).number(meta.oldest.value);
  to.bytes(meta.oldest_chain.view()).number(meta.documents).number(meta.bytes);
  to.number(meta.log_bytes);
}

result<secondary_state> read_state(const answer& from) {
  if (from.rows() == 0) {
    return fail(errc::store_corrupt, "the row of the applied position is missing");
  }
  const auto word =
      std::ranges::find(phase_words, from.bytes(0, 0), &decltype(phase_words)::value_type::second);
  if (word == phase_words.end()) {
    return fail(errc::store_corrupt, "the applied position has an unknown phase");
  }
  const auto chain = hash256::from_bytes(from.bytes(0, 3));
  if (!chain) return std::unexpected(chain.error());
  secondary_state state;
  state.point.what = word->first;
  state.point.at = {{text_at(from, 0, 1), {from.natural(0, 2)}}, *chain};
  state.point.copied = {collection_name::trusted(text_at(from, 0, 4)),
                        document_key::trusted(text_at(from, 0, 5))};
  state.counts = {.documents = from.natural(0, 6), .bytes = from.natural(0, 7)};
  return state;
}

void bind_point(parameters& to, const store_point& point) {
  const auto word =
      std::ranges::find(phase_words, point.what, &decltype(phase_words)::value_type::first);
  to.bytes(word->second).bytes(point.at.at.epoch).number(point.at.at.at.value);
  to.bytes(point.at.chain.view());
  to.bytes(point.copied.collection.text()).bytes(point.copied.key.text());
}

result<store_point> read_point(const answer& from, store_role role) {
  if (role == store_role::primary) {
    const auto meta = read_meta(from);
    if (!meta) return std::unexpected(meta.error());
    return store_point{.what = phase::applied, .at = meta->end()};
  }
  auto state = read_state(from);
  if (!state) return pass_on(std::move(state));
  return std::move(state->point);
}

result<document> read_document(const answer& from, int row, int column, document_id id) {
  const auto hash = hash256::from_bytes(from.bytes(row, column + 2));
  if (!hash) return std::unexpected(hash.error());
  return document{.id = std::move(id),
                  .version = {from.natural(row, column)},
                  .time = {from.integer(row, column + 1)},
                  .hash = *hash,
                  .meta = text_at(from, row, column + 3),
                  .value = value_at(from, row, column + 4)};
}

result<log_record> read_record(const answer& from, int row, int column) {
  const auto chain = hash_or_null(from, row, column + 2);
  if (!chain) return std::unexpected(chain.error());
  const auto before = hash_or_null(from, row, column + 9);
  if (!before) return std::unexpected(before.error());
  const auto after = hash_or_null(from, row, column + 10);
  if (!after) return std::unexpected(after.error());
  return log_record{.at = {from.natural(row, column)},
                    .ends_commit = static_cast<std::uint8_t>(from.integer(row, column + 1)),
                    .chain = *chain,
                    .time = {from.integer(row, column + 3)},
                    .id = {collection_name::trusted(text_at(from, row, column + 4)),
                           document_key::trusted(text_at(from, row, column + 5))},
                    .op = static_cast<change_op>(from.integer(row, column + 6)),
                    .previous = {from.natural(row, column + 7)},
                    .bytes_before = from.natural(row, column + 8),
                    .hash_before = *before,
                    .hash_after = *after,
                    .meta = text_at(from, row, column + 11),
                    .value = text_at(from, row, column + 12),
                    .image_before = text_at(from, row, column + 13),
                    .principal = text_at(from, row, column + 14),
                    .request_id = text_at(from, row, column + 15)};
}

}  // namespace keelson::backends::postgres
