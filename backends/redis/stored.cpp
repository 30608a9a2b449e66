#include "backends/redis/stored.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "backends/redis/text_fields.hpp"

namespace keelson::backends::redis {

namespace {

using phase = store_point::phase;
constexpr std::array<std::pair<phase, std::string_view>, 3> phase_words{{
    {phase::empty, "empty"},
    {phase::applied, "applied"},
    {phase::rebuilding, "rebuilding"},
}};
constexpr std::array<std::pair<store_role, std::string_view>, 2> role_words{{
    {store_role::primary, "primary"},
    {store_role::secondary, "secondary"},
}};

template <class Table, class Value>
std::string_view word_of(const Table& table, Value value) {
  return std::ranges::find(table, value, &Table::value_type::first)->second;
}

template <class Table>
auto value_of(const Table& table, std::string_view word) {
  const auto at = std::ranges::find(table, word, &Table::value_type::second);
  return at == table.end() ? std::nullopt : std::optional(at->first);
}

}  // namespace

void ask_state(command_buffer& out, const layout& names) {
  out.add("HMGET", names.state(), "phase", "epoch", "sequence", "chain", "collection", "key",
          "documents", "bytes", "run_id", "evicted", "expired");
}

result<stored_state> read_state(const reply& answer) {
  if (answer.failed()) return fail(errc::store_corrupt, "the state is no hash: " + answer.text);
  const auto word = answer.text_at(0);
  if (!word) return fail(errc::store_io, "what Keelson wrote there is gone");
  stored_state read;
  auto& [state, trusted] = read;
  auto& at = state.point.at;
  const auto known = value_of(phase_words, *word);
  const bool whole = known && read_number(or_empty(answer.text_at(2)), at.at.at.value) &&
                     read_hash(or_empty(answer.text_at(3)), at.chain) &&
                     read_number(or_empty(answer.text_at(6)), state.counts.documents) &&
                     read_number(or_empty(answer.text_at(7)), state.counts.bytes) &&
                     read_number(or_empty(answer.text_at(9)), trusted.evicted) &&
                     read_number(or_empty(answer.text_at(10)), trusted.expired);
  if (!whole) return fail(errc::store_corrupt, "the state cannot be read");
  state.point.what = *known;
  at.at.epoch = or_empty(answer.text_at(1));
  state.point.copied = {collection_name::trusted(std::string(or_empty(answer.text_at(4)))),
                        document_key::trusted(std::string(or_empty(answer.text_at(5))))};
  trusted.run_id = or_empty(answer.text_at(8));
  return read;
}

void put_state(command_buffer& out, const layout& names, const secondary_state& state) {
  const auto& point = state.point;
  out.add("HSET", names.state(), "phase", word_of(phase_words, point.what), "epoch",
          point.at.at.epoch, "sequence", point.at.at.at.value, "chain",
          view_of(digits_of(point.at.chain)), "collection", point.copied.collection.text(), "key",
          point.copied.key.text(), "documents", state.counts.documents, "bytes",
          state.counts.bytes);
}

void put_witness(command_buffer& out, const layout& names, const witness& seen) {
  out.add("HSET", names.state(), "run_id", seen.run_id, "evicted", seen.evicted, "expired",
          seen.expired);
}

void ask_document(command_buffer& out, const layout& names, const document_id& id,
                  scan_content content) {
  const bool whole = content == scan_content::whole;
  out.begin(whole ? 7 : 6).word("HMGET").word(names.document(id));
  out.word("version").word("time").word("hash").word("meta");
  if (whole) {
    out.word("value");
  }
}

std::optional<document> read_document(const reply& answer, document_id id) {
  const auto given = [](const reply& item) { return item.what == reply::kind::text; };
  if (!answer.failed() && std::ranges::none_of(answer.items, given)) return std::nullopt;
  document read{.id = std::move(id)};
  read_number(or_empty(answer.text_at(0)), read.version.value);
  read_number(or_empty(answer.text_at(1)), read.time.microseconds);
  read_hash(or_empty(answer.text_at(2)), read.hash);
  read.meta = or_empty(answer.text_at(3));
  read.value = or_empty(answer.text_at(4));
  return read;
}

void put_document(command_buffer& out, const layout& names, const row_view& row) {
  out.begin(row.meta.empty() ? 10 : 12).word("HSET").word(names.document(*row.id));
  out.word("version").word(row.version.value).word("time").word(row.time.microseconds);
  out.word("hash").word(view_of(digits_of(row.hash)));
  if (!row.meta.empty()) out.word("meta").word(row.meta);
  out.word("value").word(row.value);
}

void ask_mark(command_buffer& out, const layout& names) {
  out.add("HMGET", names.mark(), "format", "log_id", "role", "name");
}

place read_mark(const reply& answer) {
  const auto format = answer.text_at(0);
  const auto role = value_of(role_words, or_empty(answer.text_at(2)));
  place found;
  if (!answer.failed() && !format && !answer.text_at(1)) return found;
  if (!format || !read_number(*format, found.format) || !role) {
    return {.what = place::kind::foreign, .reason = "a mark that cannot be read"};
  }
  found.what = place::kind::ours;
  found.owner = {.log_id = std::string(or_empty(answer.text_at(1))),
                 .role = *role,
                 .name = std::string(or_empty(answer.text_at(3)))};
  return found;
}

void put_mark(command_buffer& out, const layout& names, const ownership& owner) {
  out.add("HSET", names.mark(), "format", format_number, "log_id", owner.log_id, "role",
          word_of(role_words, owner.role), "name", owner.name);
}

}  // namespace keelson::backends::redis
