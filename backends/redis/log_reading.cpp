#include "backends/redis/log_reading.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "backends/redis/stored_log.hpp"

namespace keelson::backends::redis {

namespace {

/// Records of the log with the meta of the same moment.
struct log_piece {
  primary_meta meta;
  std::vector<log_record> records;
};

result<log_piece> read_piece(connection& server, const layout& names, sequence after,
                             std::size_t most) {
  command_buffer out;
  out.add("MULTI");
  ask_meta(out, names);
  ask_records(out, names, after, most);
  out.add("EXEC");
  const auto answers = server.exchange(out);
  if (!answers) return std::unexpected(answers.error());
  const auto& all = answers->back();
  if (all.failed()) return std::unexpected(to_error(all));
  if (all.items.size() != 2) return fail(errc::store_io, "EXEC gave no list");
  auto meta = read_meta(all.items[0]);
  if (!meta) return pass_on(std::move(meta));
  auto records = read_records(all.items[1]);
  if (!records) return pass_on(std::move(records));
  return log_piece{*std::move(meta), *std::move(records)};
}

/// How many records to ask for, so that a piece stays small whatever they hold.
class piece_size {
 public:
  [[nodiscard]] std::size_t next() const { return most_; }
  void saw(const log_piece& piece) {
    constexpr std::size_t least = 16;
    constexpr std::size_t greatest = 1024;
    constexpr std::uint64_t bytes_wanted = std::uint64_t{1} << 20;
    std::uint64_t bytes = 1;
    for (const auto& record : piece.records) bytes += log_bytes_of(record);
    const auto fitting = piece.records.size() * bytes_wanted / bytes;
    most_ = std::clamp(std::min(fitting, 4 * most_), least, greatest);
  }

 private:
  std::size_t most_ = 16;
};

/// Takes away what is behind the last end of a commit.
void cut_to_commit(std::vector<log_record>& records) {
  while (!records.empty() && records.back().ends_commit == 0) records.pop_back();
}

/// The first text behind all that begin with `prefix`, as a bound of ZRANGEBYLEX.
std::string bound_behind(std::string_view prefix) {
  std::string last(prefix);
  while (!last.empty() && last.back() == '\xff') last.pop_back();
  if (last.empty()) return "+";
  last.back() = static_cast<char>(static_cast<unsigned char>(last.back()) + 1);
  return '(' + last;
}

}  // namespace

result<primary_meta> fetch_meta(connection& server, const layout& names) {
  command_buffer out;
  ask_meta(out, names);
  const auto answers = server.exchange(out);
  if (!answers) return std::unexpected(answers.error());
  return read_meta(answers->front());
}

result<log_slice> read_log_slice(connection& server, const layout& names, sequence after,
                                 std::size_t max_records, std::size_t max_bytes) {
  log_slice slice;
  piece_size size;
  std::uint64_t bytes = 0;
  sequence last = after;
  while (true) {
    auto piece = read_piece(server, names, last, size.next());
    if (!piece) return pass_on(std::move(piece));
    if (!slice.records.empty() && piece->meta.oldest > last) {
      // Records that come next are gone: what was read stands, as of when it was.
      cut_to_commit(slice.records);
      return slice;
    }
    slice.meta = std::move(piece->meta);
    size.saw(*piece);
    if (piece->records.empty()) break;
    for (auto& record : piece->records) {
      bytes += log_bytes_of(record);
      slice.records.push_back(std::move(record));
      const bool enough = slice.records.size() >= max_records || bytes >= max_bytes;
      if (enough && slice.records.back().ends_commit != 0) return slice;
    }
    last = slice.records.back().at;
  }
  if (!slice.records.empty() && slice.records.back().ends_commit == 0) {
    return fail(errc::store_corrupt, "the log ends inside a commit");
  }
  return slice;
}

result<std::optional<hash256>> read_chain(connection& server, const layout& names, sequence at) {
  const auto piece =
      read_piece(server, names, {at.value - std::min<std::uint64_t>(at.value, 1)}, 1);
  if (!piece) return std::unexpected(piece.error());
  if (at == piece->meta.oldest) return piece->meta.oldest_chain;
  for (const auto& record : piece->records) {
    if (record.at == at && record.ends_commit != 0) return record.chain;
  }
  return std::optional<hash256>();
}

result<std::vector<system_row>> read_system_rows(connection& server, const layout& names,
                                                 std::string_view prefix, std::string_view after,
                                                 std::size_t limit) {
  std::vector<system_row> rows;
  if (limit == 0) return rows;
  const auto low =
      after >= prefix && !after.empty() ? "(" + std::string(after) : "[" + std::string(prefix);
  const auto most = std::min<std::size_t>(limit, std::size_t{1} << 30);
  auto keys =
      server.ask("ZRANGEBYLEX", names.system_keys(), low, bound_behind(prefix), "LIMIT", 0, most);
  if (!keys) return pass_on(std::move(keys));
  if (keys->items.empty()) return rows;
  command_buffer out;
  out.begin(2 + keys->items.size()).word("HMGET").word(names.system());
  for (const auto& key : keys->items) out.word(key.text);
  const auto values = server.exchange(out);
  if (!values) return std::unexpected(values.error());
  for (std::size_t i = 0; i < keys->items.size(); ++i) {
    // One without a value was removed just now.
    const auto value = values->front().text_at(i);
    if (value) rows.push_back({std::move(keys->items[i].text), std::string(*value)});
  }
  return rows;
}

result<primary_meta> trimmed(connection& server, const layout& names, primary_meta meta,
                             sequence through, std::size_t max_records) {
  piece_size size;
  std::uint64_t bytes = 0;
  std::size_t records = 0;
  sequence last = meta.oldest;
  while (last < through && records < max_records) {
    const auto piece =
        read_piece(server, names, last, std::min(size.next(), max_records - records));
    if (!piece) return std::unexpected(piece.error());
    if (piece->records.empty()) break;
    size.saw(*piece);
    for (const auto& record : piece->records) {
      last = record.at;
      if (last > through) return meta;
      ++records;
      bytes += log_bytes_of(record);
      if (record.ends_commit == 0) continue;
      meta.oldest = record.at;
      meta.oldest_chain = record.chain;
      meta.log_bytes -= std::min(meta.log_bytes, bytes);
      bytes = 0;
    }
  }
  return meta;
}

}  // namespace keelson::backends::redis
