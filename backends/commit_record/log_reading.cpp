#include "backends/commit_record/log_reading.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "backends/commit_record/batch_codec.hpp"
#include "backends/commit_record/record_reading.hpp"
#include "backends/ordered_kv/codec.hpp"

namespace keelson::backends::commit_record {

namespace {

using log_visitor = std::function<bool(log_record)>;

/// The records of the log behind `after`, as of `newest`; false from `visit` ends it. False when
/// some of them may have been trimmed meanwhile.
result<bool> visit_log(record_engine& engine, const record_head& newest, sequence after,
                       const log_visitor& visit) {
  const auto first = engine.seek(newest.floor, {after.value + 1});
  if (!first) return std::unexpected(first.error());
  bool dense = true;
  if (*first) {
    auto expected = **first;
    const auto take = [&](const whole_record& found) -> result<bool> {
      if (found.head.number > newest.number) return false;
      dense = found.head.number == expected++;
      if (!dense) return false;
      auto body = decode_body(found.body);
      if (!body) return pass_on(std::move(body));
      for (auto& record : body->records) {
        if (record.at > after && !visit(std::move(record))) return false;
      }
      return true;
    };
    auto done = engine.visit_records(**first, take);
    if (!done) return pass_on(std::move(done));
  }
  const auto now = read_newest(engine);
  if (!now) return std::unexpected(now.error());
  if (now->floor != newest.floor) return false;
  if (!dense) return fail(errc::store_corrupt, "a record of the log is missing");
  return true;
}

/// Reads with `read` until nothing was trimmed between its beginning and its end.
result<primary_meta> settled(
    record_engine& engine,
    const std::function<result<bool>(const record_head&, const primary_meta&)>& read) {
  for (;;) {
    const auto newest = read_newest(engine);
    if (!newest) return std::unexpected(newest.error());
    auto meta = ordered_kv::decode_primary_meta(newest->state);
    if (!meta) return meta;
    const auto whole = read(*newest, *meta);
    if (!whole) return std::unexpected(whole.error());
    if (*whole) return meta;
  }
}

}  // namespace

result<primary_meta> read_meta(record_engine& engine) {
  const auto newest = read_newest(engine);
  if (!newest) return std::unexpected(newest.error());
  return ordered_kv::decode_primary_meta(newest->state);
}

result<log_slice> read_log_slice(record_engine& engine, sequence after, std::size_t max_records,
                                 std::size_t max_bytes) {
  result<log_slice> slice(std::in_place);
  const auto read = [&](const record_head& newest, const primary_meta& meta) {
    slice->records.clear();
    std::uint64_t bytes = 0;
    const auto take = [&](log_record record) {
      bytes += log_bytes_of(record);
      slice->records.push_back(std::move(record));
      const bool enough = slice->records.size() >= max_records || bytes >= max_bytes;
      return !enough || slice->records.back().ends_commit == 0;
    };
    return visit_log(engine, newest, std::max(after, meta.oldest), take);
  };
  auto meta = settled(engine, read);
  if (!meta) return pass_on(std::move(meta));
  slice->meta = *std::move(meta);
  if (!slice->records.empty() && slice->records.back().ends_commit == 0) {
    return fail(errc::store_corrupt, "the log ends inside a commit");
  }
  return slice;
}

result<std::optional<hash256>> read_chain(record_engine& engine, sequence at) {
  result<std::optional<hash256>> chain;
  const auto read = [&](const record_head& newest, const primary_meta& meta) -> result<bool> {
    chain->reset();
    if (at == meta.oldest) *chain = meta.oldest_chain;
    if (at <= meta.oldest || at > meta.last) return true;
    const auto take = [&](const log_record& record) {
      if (record.at == at && record.ends_commit != 0) *chain = record.chain;
      return false;
    };
    return visit_log(engine, newest, {at.value - 1}, take);
  };
  if (auto meta = settled(engine, read); !meta) return pass_on(std::move(meta));
  return chain;
}

result<primary_meta> trimmed(record_engine& engine, const record_head& newest, sequence through,
                             std::size_t max_records) {
  auto meta = ordered_kv::decode_primary_meta(newest.state);
  if (!meta) return meta;
  std::size_t records = 0;
  std::uint64_t bytes = 0;
  const auto oldest = meta->oldest;
  const auto take = [&](const log_record& record) {
    ++records;
    bytes += log_bytes_of(record);
    if (records > max_records || record.at > through) return false;
    if (record.ends_commit != 0) {
      meta->oldest = record.at;
      meta->oldest_chain = record.chain;
      meta->log_bytes -= bytes;
      bytes = 0;
    }
    return true;
  };
  const auto whole = visit_log(engine, newest, oldest, take);
  if (!whole) return std::unexpected(whole.error());
  if (!*whole) return fail(errc::fenced, "another writer trimmed the log");
  return meta;
}

}  // namespace keelson::backends::commit_record
