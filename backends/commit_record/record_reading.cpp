#include "backends/commit_record/record_reading.hpp"

#include <map>
#include <utility>

#include "backends/commit_record/page_merge.hpp"
#include "backends/ordered_kv/codec.hpp"

namespace keelson::backends::commit_record {

namespace {

/// The body of the record `number`; absent if that is not there any more.
result<std::optional<std::string>> body_of(record_engine& engine, std::uint64_t number) {
  result<std::optional<std::string>> body;
  const auto take = [&](whole_record found) -> result<bool> {
    if (found.head.number == number) *body = std::move(found.body);
    return false;
  };
  if (auto done = engine.visit_records(number, take); !done) return pass_on(std::move(done));
  return body;
}

/// The span from `before` to what is the newest record now.
result<read_span> span_from(record_engine& engine, store_role role, const record_head& before) {
  auto begin = point_of(role, before);
  if (!begin) return pass_on(std::move(begin));
  const auto newest = read_newest(engine);
  if (!newest) return std::unexpected(newest.error());
  if (newest->number == before.number) return read_span{*begin, *begin};
  auto end = point_of(role, *newest);
  if (!end) return pass_on(std::move(end));
  return read_span{*std::move(begin), *std::move(end)};
}

}  // namespace

result<record_head> read_newest(record_engine& engine) {
  auto newest = engine.newest();
  if (!newest) return pass_on(std::move(newest));
  if (!*newest) return fail(errc::store_corrupt, "the store's records are missing");
  return **std::move(newest);
}

result<unfinished> read_unfinished(record_engine& engine) {
  for (;;) {
    auto head = read_newest(engine);
    if (!head) return pass_on(std::move(head));
    if (head->complete) return unfinished{.head = *std::move(head), .body = {}};
    auto body = body_of(engine, head->number);
    if (!body) return pass_on(std::move(body));
    if (!*body) continue;  // a later record came, and this one went
    auto rows = decode_body(**body);
    if (!rows) return pass_on(std::move(rows));
    return unfinished{.head = *std::move(head), .body = *std::move(rows)};
  }
}

result<store_point> point_of(store_role role, const record_head& head) {
  if (role == store_role::primary) {
    const auto meta = ordered_kv::decode_primary_meta(head.state);
    if (!meta) return std::unexpected(meta.error());
    return store_point{.what = store_point::phase::applied, .at = meta->end()};
  }
  auto state = ordered_kv::decode_secondary_state(head.state);
  if (!state) return pass_on(std::move(state));
  return std::move(state->point);
}

result<documents_read> read_documents(record_engine& engine, store_role role,
                                      std::span<const document_id> ids, std::size_t max_bytes) {
  auto newest = read_unfinished(engine);
  if (!newest) return pass_on(std::move(newest));
  result<documents_read> read(std::in_place);
  read->documents.resize(ids.size());
  const auto sink = [&](std::size_t index, document found) -> result<void> {
    read->documents[index] = std::move(found);
    return {};
  };
  if (auto done = engine.get(ids, sink); !done) return pass_on(std::move(done));
  for (const auto& row : newest->body.rows) {
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (ids[i] != *row.id) continue;
      read->documents[i].reset();
      if (row.op == change_op::put) read->documents[i] = document_of(row);
    }
  }
  byte_budget budget(max_bytes);
  for (const auto& found : read->documents) {
    if (!found) continue;
    if (auto fits = budget.take(found->value.size()); !fits) return pass_on(std::move(fits));
  }
  auto at = span_from(engine, role, newest->head);
  if (!at) return pass_on(std::move(at));
  read->at = *std::move(at);
  return read;
}

result<scan_page> read_page(record_engine& engine, store_role role, const scan_request& request) {
  auto newest = read_unfinished(engine);
  if (!newest) return pass_on(std::move(newest));
  page_merge merge(request, newest->body.rows);
  auto wider = request;  // each row that is laid over takes at most one document away
  wider.max_documents = request.max_documents + newest->body.rows.size() + 1;
  const auto visit = [&](document found) -> result<bool> { return merge.add(std::move(found)); };
  if (auto done = engine.visit_documents(wider, visit); !done) return pass_on(std::move(done));
  auto page = std::move(merge).page();
  auto at = span_from(engine, role, newest->head);
  if (!at) return pass_on(std::move(at));
  page.at = *std::move(at);
  return page;
}

result<std::vector<system_row>> read_system_rows(record_engine& engine, std::string_view prefix,
                                                 std::string_view after, std::size_t limit) {
  if (limit == 0) return std::vector<system_row>{};
  auto newest = read_unfinished(engine);
  if (!newest) return pass_on(std::move(newest));
  std::map<std::string, std::optional<std::string>> rows;
  const auto visit = [&](system_row row) -> result<bool> {
    rows.emplace(std::move(row.key), std::move(row.value));
    return true;
  };
  // Each row that is laid over takes at most one away.
  const auto wider = limit + newest->body.system.size();
  auto done = engine.visit_system(prefix, after, wider, visit);
  if (!done) return pass_on(std::move(done));
  const auto end = rows.size() == wider ? rows.rbegin()->first : std::string();
  for (auto& write : newest->body.system) {
    const bool within = end.empty() || write.key <= end;
    if (within && write.key.starts_with(prefix) && write.key > after) {
      rows[write.key] = std::move(write.value);
    }
  }
  std::vector<system_row> found;
  for (auto& [key, value] : rows) {
    if (value && found.size() < limit) found.push_back({key, *std::move(value)});
  }
  return found;
}

}  // namespace keelson::backends::commit_record
