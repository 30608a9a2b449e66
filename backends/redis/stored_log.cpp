#include "backends/redis/stored_log.hpp"

#include <optional>
#include <string>
#include <utility>

#include "backends/epochs_text.hpp"
#include "backends/ordered_kv/codec.hpp"
#include "backends/redis/text_fields.hpp"

namespace keelson::backends::redis {

namespace {

constexpr std::string_view record_field = "record";

std::string stream_id(sequence at) {
  return std::to_string(at.value) + "-0";
}

/// `1234-0`
std::optional<sequence> sequence_of(std::string_view id) {
  sequence at;
  const auto dash = id.find('-');
  if (id.substr(dash == std::string_view::npos ? id.size() : dash) != "-0") return std::nullopt;
  if (!read_number(id.substr(0, dash), at.value)) return std::nullopt;
  return at;
}

}  // namespace

void ask_meta(command_buffer& out, const layout& names) {
  out.add("HMGET", names.meta(), "log_id", "epochs", "last", "chain", "term", "last_time", "oldest",
          "oldest_chain", "documents", "bytes", "log_bytes");
}

result<primary_meta> read_meta(const reply& answer) {
  if (answer.failed()) return fail(errc::store_corrupt, "the meta is no hash: " + answer.text);
  const auto log_id = answer.text_at(0);
  if (!log_id) return fail(errc::store_io, "what Keelson wrote there is gone");
  const auto field = [&](std::size_t item) { return or_empty(answer.text_at(item)); };
  auto epochs = parse_epochs(field(1));
  if (!epochs) return pass_on(std::move(epochs));
  primary_meta meta{.log_id = std::string(*log_id), .epochs = *std::move(epochs)};
  const bool whole =
      read_number(field(2), meta.last.value) && read_hash(field(3), meta.chain) &&
      read_number(field(4), meta.term) && read_number(field(5), meta.last_time.microseconds) &&
      read_number(field(6), meta.oldest.value) && read_hash(field(7), meta.oldest_chain) &&
      read_number(field(8), meta.documents) && read_number(field(9), meta.bytes) &&
      read_number(field(10), meta.log_bytes);
  if (!whole) return fail(errc::store_corrupt, "the meta cannot be read");
  return meta;
}

void put_meta(command_buffer& out, const layout& names, const primary_meta& meta) {
  out.add("HSET", names.meta(), "log_id", meta.log_id, "epochs", epochs_text(meta), "last",
          meta.last.value, "chain", view_of(digits_of(meta.chain)), "term", meta.term, "last_time",
          meta.last_time.microseconds, "oldest", meta.oldest.value, "oldest_chain",
          view_of(digits_of(meta.oldest_chain)), "documents", meta.documents, "bytes", meta.bytes,
          "log_bytes", meta.log_bytes);
}

void ask_records(command_buffer& out, const layout& names, sequence after, std::size_t most) {
  out.add("XRANGE", names.log(), '(' + stream_id(after), "+", "COUNT", most);
}

result<std::vector<log_record>> read_records(const reply& answer) {
  if (answer.failed()) return fail(errc::store_corrupt, "the log is no stream: " + answer.text);
  std::vector<log_record> records;
  records.reserve(answer.items.size());
  for (const auto& entry : answer.items) {
    const auto at = sequence_of(or_empty(entry.text_at(0)));
    const bool ours = at && entry.items.size() == 2 && entry.items[1].text_at(0) == record_field;
    const auto text = ours ? entry.items[1].text_at(1) : std::nullopt;
    if (!text) return fail(errc::store_corrupt, "the log has an entry that is no record");
    auto record = ordered_kv::decode_log_record(*at, *text);
    if (!record) return pass_on(std::move(record));
    records.push_back(*std::move(record));
  }
  return records;
}

void put_records(command_buffer& out, const layout& names, std::span<const log_record> records) {
  std::string text;
  for (const auto& record : records) {
    text.clear();
    ordered_kv::encode_log_record(text, record);
    out.add("XADD", names.log(), stream_id(record.at), record_field, text);
  }
}

void trim_records(command_buffer& out, const layout& names, sequence oldest) {
  out.add("XTRIM", names.log(), "MINID", "=", stream_id(oldest.next()));
}

void put_system(command_buffer& out, const layout& names, std::span<const system_write> rows) {
  for (const auto& row : rows) {
    if (row.value) {
      out.add("HSET", names.system(), row.key, *row.value);
      out.add("ZADD", names.system_keys(), 0, row.key);
    } else {
      out.add("HDEL", names.system(), row.key).add("ZREM", names.system_keys(), row.key);
    }
  }
}

}  // namespace keelson::backends::redis
