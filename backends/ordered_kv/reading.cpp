#include "backends/ordered_kv/reading.hpp"

#include <utility>

#include "backends/ordered_kv/codec.hpp"

namespace keelson::backends::ordered_kv {

namespace {

/// Reads one row that must be there, and decodes it.
template <class T>
result<T> read_row(kv_view& view, std::string_view key, result<T> (*decode)(std::string_view)) {
  result<T> row = fail(errc::store_corrupt,
                       "the store's own row '" + std::string(key.substr(1)) + "' is missing");
  const auto sink = [&](std::size_t, std::string_view value) -> result<void> {
    row = decode(value);
    return {};
  };
  if (auto read = view.get({&key, 1}, sink); !read) return pass_on(std::move(read));
  return row;
}

std::string_view point_key(store_role role) {
  return role == store_role::primary ? primary_key : secondary_key;
}

result<store_point> decode_point(store_role role, std::string_view row) {
  if (role == store_role::primary) {
    const auto meta = decode_primary_meta(row);
    if (!meta) return std::unexpected(meta.error());
    return primary_point(*meta);
  }
  auto state = decode_secondary_state(row);
  if (!state) return pass_on(std::move(state));
  return std::move(state->point);
}

}  // namespace

store_point primary_point(const primary_meta& meta) {
  return {.what = store_point::phase::applied, .at = meta.end()};
}

result<std::optional<std::string>> read_value(kv_view& view, std::string_view key) {
  result<std::optional<std::string>> found;
  const auto sink = [&](std::size_t, std::string_view value) -> result<void> {
    found->emplace(value);
    return {};
  };
  if (auto read = view.get({&key, 1}, sink); !read) return pass_on(std::move(read));
  return found;
}

result<primary_meta> read_primary_meta(kv_view& view) {
  return read_row(view, primary_key, &decode_primary_meta);
}

result<secondary_state> read_secondary_state(kv_view& view) {
  return read_row(view, secondary_key, &decode_secondary_state);
}

result<store_point> read_point(kv_view& view, store_role role) {
  if (role == store_role::primary) {
    const auto meta = read_primary_meta(view);
    if (!meta) return std::unexpected(meta.error());
    return primary_point(*meta);
  }
  auto state = read_secondary_state(view);
  if (!state) return pass_on(std::move(state));
  return std::move(state->point);
}

result<documents_read> read_documents(kv_view& view, store_role role,
                                      std::span<const document_id> ids, std::size_t max_bytes) {
  thread_local key_list keys;
  keys.clear();
  keys.add(point_key(role));
  for (const auto& id : ids) keys.add_document(id);

  result<documents_read> read(std::in_place);
  read->documents.resize(ids.size());
  bool has_point = false;
  byte_budget budget(max_bytes);
  const auto sink = [&](std::size_t index, std::string_view value) -> result<void> {
    if (index == 0) {
      auto point = decode_point(role, value);
      if (!point) return pass_on(std::move(point));
      read->at.before = read->at.after = std::move(*point);
      has_point = true;
      return {};
    }
    auto decoded = decode_document(ids[index - 1], value);
    if (!decoded) return pass_on(std::move(decoded));
    read->documents[index - 1] = std::move(*decoded);
    return budget.take(read->documents[index - 1]->value.size());
  };
  if (auto done = view.get(keys.views(), sink); !done) return pass_on(std::move(done));
  if (!has_point) return fail(errc::store_corrupt, "the store's point is missing");
  return read;
}

result<scan_page> read_page(kv_view& view, store_role role, const scan_request& request) {
  auto point = read_point(view, role);
  if (!point) return pass_on(std::move(point));
  result<scan_page> page(std::in_place);
  page->at.before = page->at.after = std::move(*point);
  page->at_end = true;

  std::size_t bytes = 0;
  const auto stop_early = [&] {
    page->at_end = false;
    return step::stop;
  };
  const auto take = [&](std::string_view key, std::string_view value) -> result<step> {
    if (page->documents.size() >= request.max_documents) return stop_early();
    auto id = parse_document_key(key);
    if (!id) return pass_on(std::move(id));
    auto decoded = decode_document(std::move(*id), value, request.content);
    if (!decoded) return pass_on(std::move(decoded));
    const bool fits = bytes + decoded->value.size() <= request.max_bytes;
    if (!fits && !page->documents.empty()) return stop_early();
    bytes += decoded->value.size();
    page->documents.push_back(std::move(*decoded));
    return step::go_on;
  };
  const auto order =
      request.direction == scan_direction::forward ? direction::forward : direction::backward;
  auto done = view.visit(range_of(request), order, take);
  if (!done) return pass_on(std::move(done));
  return page;
}

result<log_slice> read_log_slice(kv_view& view, sequence after, std::size_t max_records,
                                 std::size_t max_bytes) {
  auto meta = read_primary_meta(view);
  if (!meta) return pass_on(std::move(meta));
  result<log_slice> slice(std::in_place);
  slice->meta = std::move(*meta);
  std::uint64_t bytes = 0;
  const auto take = [&](std::string_view key, std::string_view value) -> result<step> {
    auto at = parse_log_key(key);
    if (!at) return pass_on(std::move(at));
    auto record = decode_log_record(*at, value);
    if (!record) return pass_on(std::move(record));
    bytes += log_bytes_of(*record);
    slice->records.push_back(std::move(*record));
    const bool enough = slice->records.size() >= max_records || bytes >= max_bytes;
    return enough && slice->records.back().ends_commit != 0 ? step::stop : step::go_on;
  };
  auto done = view.visit(log_range(after), direction::forward, take);
  if (!done) return pass_on(std::move(done));
  if (!slice->records.empty() && slice->records.back().ends_commit == 0) {
    return fail(errc::store_corrupt, "the log ends inside a commit");
  }
  return slice;
}

result<std::optional<hash256>> read_chain(kv_view& view, sequence at) {
  key_list keys;
  keys.add(primary_key);
  std::string log_key;
  append_log_key(log_key, at);
  keys.add(log_key);

  result<std::optional<hash256>> chain;
  const auto sink = [&](std::size_t index, std::string_view value) -> result<void> {
    if (index == 0) {
      auto meta = decode_primary_meta(value);
      if (!meta) return pass_on(std::move(meta));
      if (meta->oldest == at) *chain = meta->oldest_chain;
      return {};
    }
    auto record = decode_log_record(at, value);
    if (!record) return pass_on(std::move(record));
    if (record->ends_commit != 0) *chain = record->chain;
    return {};
  };
  if (auto done = view.get(keys.views(), sink); !done) return pass_on(std::move(done));
  return chain;
}

result<std::vector<system_row>> read_system_rows(kv_view& view, std::string_view prefix,
                                                 std::string_view after, std::size_t limit) {
  result<std::vector<system_row>> rows(std::in_place);
  if (limit == 0) return rows;
  const auto take = [&](std::string_view key, std::string_view value) -> result<step> {
    rows->push_back({std::string(system_key_of(key)), std::string(value)});
    return rows->size() < limit ? step::go_on : step::stop;
  };
  auto done = view.visit(system_range(prefix, after), direction::forward, take);
  if (!done) return pass_on(std::move(done));
  return rows;
}

}  // namespace keelson::backends::ordered_kv
