#include "actors/replicator/rebuild_plan.hpp"

#include <algorithm>
#include <map>

#include "actors/patterns.hpp"
#include "actors/replicator/row_batch.hpp"

namespace keelson::replicator {

using backends::row_view;
using backends::store_point;

namespace {

/// The primary's rows of a range, in order.
using wanted_rows = std::map<document_id, row_view>;

bool within(const document_id& id, const std::optional<document_id>& end) {
  return !end || id <= *end;
}

wanted_rows page_rows(const page_pair& pages, const std::optional<document_id>& end,
                      std::span<const std::string> collections) {
  wanted_rows rows;
  for (const auto& document : pages.primary.documents) {
    if (!within(document.id, end)) break;
    if (actors::matches_any(collections, document.id.collection.text())) {
      rows.emplace_hint(rows.end(), document.id, backends::row_of(document));
    }
  }
  return rows;
}

harm damage_of(const document& stored, sequence reached) {
  return {.documents = 1, .unknown = stored.version > reached ? 1U : 0U};
}

bool same_row(const document& stored, const row_view& wanted) {
  return stored.version == wanted.version && stored.time == wanted.time &&
         stored.hash == wanted.hash && stored.meta == wanted.meta && stored.value == wanted.value;
}

bool superseded(const document& stored, const row_view& wanted) {
  return stored.version < wanted.version;
}

/// What the log makes of the primary's page, beyond the last document copied.
struct wanted_range {
  wanted_rows rows;
  std::map<document_id, version> removed;  ///< and when

  void apply(const log_record& record) {
    if (record.op == change_op::put) {
      rows[record.id] = backends::row_of(record);
      removed.erase(record.id);
    } else {
      rows.erase(record.id);
      removed[record.id] = record.at;
    }
  }
  [[nodiscard]] bool removed_by_log(const document& stored) const {
    const auto gone = removed.find(stored.id);
    return gone != removed.end() && stored.version <= gone->second;
  }
};

/// What overwriting `stored` destroys.
harm damage_by(const row_view& wanted, const document& stored, sequence reached) {
  const bool other_content = stored.meta != wanted.meta || stored.value != wanted.value;
  if (stored.version > reached || (other_content && !superseded(stored, wanted))) {
    return damage_of(stored, reached);
  }
  return {};
}

}  // namespace

std::optional<document_id> common_end(const page_pair& pages) {
  std::optional<document_id> end;
  for (const auto* page : {&pages.primary, &pages.secondary}) {
    if (page->at_end || page->documents.empty()) continue;
    const auto& last = page->documents.back().id;
    if (within(last, end)) end = last;
  }
  return end;
}

harm survey(const page_pair& pages, std::span<const std::string> collections) {
  const auto end = common_end(pages);
  const auto rows = page_rows(pages, end, collections);
  const auto reached = pages.primary.at.after.at.at.at;
  harm sum;
  for (const auto& stored : pages.secondary.documents) {
    if (!within(stored.id, end)) break;
    const auto wanted = rows.find(stored.id);
    const bool kept =
        wanted != rows.end() &&
        (superseded(stored, wanted->second) ||
         (stored.version == wanted->second.version && stored.hash == wanted->second.hash));
    if (!kept) sum += damage_of(stored, reached);
  }
  return sum;
}

rebuild_piece plan_piece(const backends::secondary_state& from, const page_pair& pages,
                         std::span<const log_record> records,
                         std::span<const std::string> collections) {
  const auto& point = pages.primary.at.after.at;
  const auto end = common_end(pages);
  row_batch behind({.collections = collections, .through = &from.point.copied});
  behind.add(records);
  wanted_range ahead{.rows = page_rows(pages, end, collections)};
  const row_scope scope{.collections = collections};
  for (const auto& record : records) {
    const bool in_range = record.id > from.point.copied && within(record.id, end);
    if (in_range && scope.holds(record.id)) ahead.apply(record);
  }

  rebuild_piece piece{.next = {.counts = behind.moved(from.counts)}};
  piece.rows.assign(behind.rows().begin(), behind.rows().end());
  for (const auto& [id, row] : ahead.rows) {
    ++piece.next.counts.documents;
    piece.next.counts.bytes += row.value.size();
  }
  for (const auto& stored : pages.secondary.documents) {
    if (!within(stored.id, end)) break;
    const auto wanted = ahead.rows.find(stored.id);
    if (wanted == ahead.rows.end()) {
      if (!ahead.removed_by_log(stored)) piece.damage += damage_of(stored, point.at.at);
      piece.rows.push_back(backends::removal_of(stored.id));
    } else if (same_row(stored, wanted->second)) {
      ahead.rows.erase(wanted);
    } else {
      piece.damage += damage_by(wanted->second, stored, point.at.at);
    }
  }
  for (const auto& [id, row] : ahead.rows) piece.rows.push_back(row);
  piece.next.point = end ? store_point{store_point::phase::rebuilding, point, *end}
                         : store_point{store_point::phase::applied, point, {}};
  return piece;
}

}  // namespace keelson::replicator
