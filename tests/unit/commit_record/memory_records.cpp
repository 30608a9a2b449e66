#include "tests/unit/commit_record/memory_records.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "backends/commit_record/page_merge.hpp"

namespace keelson::backends::commit_record {

namespace {

template <class Map>
void drop_tombstones(Map& rows, std::uint64_t floor) {
  std::erase_if(rows,
                [&](const auto& each) { return !each.second.value && each.second.number < floor; });
}

template <class Raised, class Value>
void raise_one(Raised& stored, std::uint64_t number, std::optional<Value> value) {
  if (stored.number < number) stored = {number, std::move(value)};
}

}  // namespace

result<void> memory_records::write(std::string_view step, const std::function<void()>& change) {
  const auto fated = decide_ ? decide_(step) : fate::done;
  if (fated == fate::killed_before) throw killed();
  if (fated != fate::lost_request) change();
  if (fated == fate::done) return {};
  return fail(errc::outcome_unknown, "lost at " + std::string(step));
}

result<void> memory_records::read(std::string_view step) {
  const auto fated = decide_ ? decide_(step) : fate::done;
  if (fated == fate::killed_before) throw killed();
  if (fated == fate::done) return {};
  return fail(errc::unavailable, "lost at " + std::string(step));
}

result<std::optional<store_sign>> memory_records::sign() {
  if (auto asked = read("sign"); !asked) return pass_on(std::move(asked));
  return disk_->sign;
}

result<bool> memory_records::create(const store_sign& sign) {
  bool created = false;
  auto done = write("create", [&] {
    created = !disk_->sign;
    if (created) disk_->sign = sign;
  });
  if (!done) return pass_on(std::move(done));
  return created;
}

result<void> memory_records::change_sign(const store_sign& sign) {
  return write("change_sign", [&] { disk_->sign = sign; });
}

result<std::optional<record_head>> memory_records::newest() {
  if (auto asked = read("newest"); !asked) return pass_on(std::move(asked));
  if (disk_->records.empty()) return std::optional<record_head>();
  return disk_->records.rbegin()->second.head;
}

result<bool> memory_records::insert(const record_head& head, std::string_view body) {
  bool inserted = false;
  auto done = write("insert", [&] {
    inserted =
        disk_->records.try_emplace(head.number, whole_record{head, std::string(body)}).second;
  });
  if (!done) return pass_on(std::move(done));
  return inserted;
}

result<void> memory_records::complete(std::uint64_t number) {
  return write("complete", [&] {
    const auto found = disk_->records.find(number);
    if (found != disk_->records.end()) found->second.head.complete = true;
  });
}

result<std::optional<std::uint64_t>> memory_records::seek(std::uint64_t number, sequence at) {
  if (auto asked = read("seek"); !asked) return pass_on(std::move(asked));
  for (auto it = disk_->records.lower_bound(number); it != disk_->records.end(); ++it) {
    if (it->second.head.last >= at) return it->first;
  }
  return std::optional<std::uint64_t>();
}

result<void> memory_records::visit_records(std::uint64_t number, const record_visitor& visit) {
  if (auto asked = read("visit_records"); !asked) return asked;
  for (auto it = disk_->records.lower_bound(number); it != disk_->records.end(); ++it) {
    const auto more = visit(it->second);
    if (!more) return std::unexpected(more.error());
    if (!*more) break;
  }
  return {};
}

result<void> memory_records::sweep(std::uint64_t floor) {
  auto done = write("sweep documents", [&] { drop_tombstones(disk_->documents, floor); });
  if (!done) return done;
  done = write("sweep system", [&] { drop_tombstones(disk_->system, floor); });
  if (!done) return done;
  for (;;) {
    const auto first = disk_->records.begin();
    if (first == disk_->records.end() || first->first >= floor) return {};
    done = write("sweep record", [&] { disk_->records.erase(first); });
    if (!done) return done;
  }
}

result<void> memory_records::check(const row_view& row) const {
  if (row.value.size() <= largest_value) return {};
  return fail(errc::too_large, "the value is too large");
}

result<void> memory_records::raise(const raised_rows& rows) {
  for (const auto& row : rows.rows) {
    auto done = write("raise", [&] {
      std::optional<document> value;
      if (row.op == change_op::put) value = document_of(row);
      raise_one(disk_->documents[*row.id], rows.number, std::move(value));
    });
    if (!done) return done;
  }
  for (const auto& row : rows.system) {
    auto done = write("raise", [&] { raise_one(disk_->system[row.key], rows.number, row.value); });
    if (!done) return done;
  }
  return {};
}

result<void> memory_records::get(std::span<const document_id> ids, const document_sink& sink) {
  if (auto asked = read("get"); !asked) return asked;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto found = disk_->documents.find(ids[i]);
    if (found == disk_->documents.end() || !found->second.value) continue;
    auto taken = sink(i, *found->second.value);
    if (!taken) return taken;
  }
  return {};
}

result<void> memory_records::visit_documents(const scan_request& request,
                                             const document_visitor& visit) {
  if (auto asked = read("visit_documents"); !asked) return asked;
  std::vector<document> range;
  for (const auto& [id, stored] : disk_->documents) {
    if (stored.value) range.push_back(*stored.value);
  }
  const bool forward = request.direction == scan_direction::forward;
  if (!forward) std::ranges::reverse(range);
  std::size_t visited = 0;
  for (auto& each : range) {
    const auto& id = each.id;
    const bool behind_start =
        !request.after || (forward ? id > *request.after : id < *request.after);
    const bool before_end =
        !request.until || (forward ? id <= *request.until : id >= *request.until);
    const bool named = request.collection.empty() || (id.collection.text() == request.collection &&
                                                      id.key.text().starts_with(request.prefix));
    if (!behind_start || !before_end || !named) continue;
    if (visited++ == request.max_documents) break;
    const auto more = visit(std::move(each));
    if (!more) return std::unexpected(more.error());
    if (!*more) break;
  }
  return {};
}

result<std::optional<std::string>> memory_records::system_value(std::string_view key) {
  if (auto asked = read("system_value"); !asked) return pass_on(std::move(asked));
  const auto found = disk_->system.find(std::string(key));
  return found == disk_->system.end() ? std::nullopt : found->second.value;
}

result<void> memory_records::visit_system(std::string_view prefix, std::string_view after,
                                          std::size_t limit, const row_visitor& visit) {
  if (auto asked = read("visit_system"); !asked) return asked;
  std::size_t visited = 0;
  for (const auto& [key, stored] : disk_->system) {
    if (!stored.value || !key.starts_with(prefix) || key <= after) continue;
    if (visited++ == limit) break;
    const auto more = visit({key, *stored.value});
    if (!more) return std::unexpected(more.error());
    if (!*more) break;
  }
  return {};
}

}  // namespace keelson::backends::commit_record
