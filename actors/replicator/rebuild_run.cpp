#include "actors/replicator/rebuild_run.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "actors/replicator/log_tail.hpp"
#include "actors/replicator/row_batch.hpp"

namespace keelson::replicator {

using backends::store_point;

namespace {

backends::scan_request range_after(const std::optional<document_id>& after,
                                   const piece_limits& limits, backends::scan_content content) {
  return {.after = after,
          .max_documents = limits.documents,
          .max_bytes = limits.bytes,
          .content = content};
}

/// The primary's side of a piece. `records` reach to the page's own point if it is complete.
struct primary_piece {
  log_tail tail;
  std::optional<backends::scan_page> page;
  bool complete = false;
};

result<primary_piece> read_piece(backends::primary_reader& reader, const store_point& from,
                                 const worker_options& options) {
  auto tail = read_tail(reader, from.at, options.batch);
  if (!tail) return pass_on(std::move(tail));
  primary_piece piece{.tail = *std::move(tail)};
  if (piece.tail.trimmed || !piece.tail.at_end()) return piece;

  auto page = reader.scan(range_after(from.copied, options.piece, backends::scan_content::whole));
  if (!page) return pass_on(std::move(page));
  piece.page = *std::move(page);
  const auto& point = piece.page->at.after.at;
  if (point == piece.tail.end) {
    piece.complete = true;
    return piece;
  }
  auto rest = read_tail(reader, piece.tail.end, options.batch);
  if (!rest) return pass_on(std::move(rest));
  piece.complete = !rest->trimmed && rest->end.at.at >= point.at.at;
  if (piece.complete) {
    for (auto& record : rest->records) {
      if (record.at <= point.at.at) piece.tail.records.push_back(std::move(record));
    }
  }
  return piece;
}

}  // namespace

step_result rebuild_run::advance(actors::primary_link& primary, const apply_target& target,
                                 consent agreed) {
  if (!surveyed_all_ && agreed == consent::limited) return survey_step(primary, target);
  if (start_ == rebuild_start::anew) return begin(primary, target);
  return copy_step(primary, target, agreed);
}

step_result rebuild_run::survey_step(actors::primary_link& primary, const apply_target& target) {
  if (!surveyed_) {
    const bool resumed = start_ == rebuild_start::resume;
    surveyed_ = resumed ? target.state.point.copied : document_id{};
    documents_ = resumed ? target.state.counts.documents : 0;
  }
  const auto range = range_after(surveyed_, options_.piece, backends::scan_content::without_values);
  page_pair pages;
  auto theirs = target.reader.scan(range);
  if (!theirs) return failed_on(step_side::secondary, std::move(theirs));
  pages.secondary = *std::move(theirs);
  auto ours = primary.use([&](backends::primary_reader& reader) { return reader.scan(range); });
  if (!ours) return failed_on(step_side::primary, std::move(ours));
  pages.primary = *std::move(ours);

  const auto end = common_end(pages);
  const auto& stored = pages.secondary.documents;
  documents_ += static_cast<std::uint64_t>(
      std::ranges::count_if(stored, [&](const document& each) { return !end || each.id <= *end; }));
  damage_ += survey(pages, options_.collections);
  surveyed_all_ = pages.secondary.at_end && (stored.empty() || !end || stored.back().id <= *end);
  if (end) surveyed_ = *end;

  const bool hopeless = damage_.unknown > 0 || damage_.documents > options_.breaker.documents;
  if (hopeless || (surveyed_all_ && over_limit(damage_))) return ask(target, damage_);
  if (surveyed_all_) damage_ = {};
  return step_outcome{.state = target.state};
}

step_result rebuild_run::begin(actors::primary_link& primary, const apply_target& target) {
  const auto meta = primary.use([](backends::primary_reader& reader) { return reader.meta(); });
  if (!meta) return std::unexpected(step_failure{step_side::primary, meta.error()});
  const store_point next{store_point::phase::rebuilding, meta->end(), {}};
  auto outcome = apply(target, {next, {}}, {});
  if (outcome && outcome->verdict == step_verdict::done) start_ = rebuild_start::resume;
  return outcome;
}

step_result rebuild_run::copy_step(actors::primary_link& primary, const apply_target& target,
                                   consent agreed) {
  const auto from = target.state;
  auto read = primary.use(
      [&](backends::primary_reader& reader) { return read_piece(reader, from.point, options_); });
  if (!read) {
    const bool other_history = read.error().code == errc::history_lost;
    return failed_on(other_history ? step_side::secondary : step_side::primary, std::move(read));
  }
  const auto& records = read->tail.records;
  if (read->tail.trimmed) {
    return step_outcome{.verdict = step_verdict::trimmed, .state = from};
  }
  if (!read->complete) {
    row_batch rows({.collections = options_.collections, .through = &from.point.copied});
    rows.add(records);
    store_point next{store_point::phase::rebuilding, read->tail.end, from.point.copied};
    return apply(target, {std::move(next), rows.moved(from.counts)}, rows.rows());
  }

  auto theirs = target.reader.scan(
      range_after(from.point.copied, options_.piece, backends::scan_content::whole));
  if (!theirs) return failed_on(step_side::secondary, std::move(theirs));
  const page_pair pages{*std::move(read->page), *std::move(theirs)};
  auto piece = plan_piece(from, pages, records, options_.collections);
  auto damage = damage_;
  damage += piece.damage;
  if (agreed == consent::limited && over_limit(damage)) return ask(target, damage);
  auto outcome = apply(target, std::move(piece.next), piece.rows);
  if (outcome && outcome->verdict == step_verdict::done) {
    damage_ = damage;
    outcome->log_end = read->tail.meta.end();
    const bool done = target.state.point.what == store_point::phase::applied;
    if (done) outcome->verdict = step_verdict::rebuilt;
  }
  return outcome;
}

bool rebuild_run::over_limit(const harm& damage) const {
  return damage.unknown > 0 || damage.documents > options_.breaker.documents ||
         damage.documents * 100 > options_.breaker.percent * documents_;
}

step_outcome rebuild_run::ask(const apply_target& target, const harm& damage) const {
  std::string reason = "a rebuild would delete or overwrite at least " +
                       std::to_string(damage.documents) + " of " + std::to_string(documents_) +
                       " documents that the primary does not supersede";
  if (damage.unknown > 0) reason += ", some of a version that its log has not reached";
  return {.verdict = step_verdict::asks, .state = target.state, .reason = std::move(reason)};
}

}  // namespace keelson::replicator
