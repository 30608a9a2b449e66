#include "actors/validator/piece.hpp"

#include <algorithm>
#include <utility>

#include "actors/patterns.hpp"
#include "actors/validator/document_comparer.hpp"
#include "actors/validator/log_moves.hpp"
#include "actors/validator/range_comparison.hpp"

namespace keelson::validator {

namespace {

using backends::scan_page;
using backends::scan_request;

/// A page with its documents reduced to entries.
struct read_page {
  range_side side;
  backends::read_span at;
  std::optional<document_id> last;  ///< absent: the page reaches to the range's end
};

result<read_page> read(backends::store_reader& store, const scan_request& request,
                       const std::vector<std::string>& patterns) {
  auto page = store.scan(request);
  if (!page) return pass_on(std::move(page));
  if (!page->at_end && page->documents.empty()) {
    return fail(errc::store_corrupt, "a scan gave no document, and no end");
  }
  read_page out;
  out.at = page->at;
  out.side.before = page->at.before.at.at.at;
  out.side.after = page->at.after.at.at.at;
  if (!page->at_end) out.last = page->documents.back().id;
  for (const auto& d : page->documents) {
    if (actors::matches_any(patterns, d.id.collection.text())) {
      out.side.entries.push_back(entry_of(d));
    }
  }
  return out;
}

void cut(range_side& side, const document_id& last) {
  std::erase_if(side.entries, [&last](const range_entry& entry) { return entry.id > last; });
}

/// Compares the two sides of one range.
class range_step {
 public:
  range_step(backends::primary_reader& primary, backends::store_reader& secondary,
             const piece_request& request, const step_limits& limits)
      : primary_(primary), secondary_(secondary), request_(request), limits_(limits) {}

  result<void> run(const read_page& here, const read_page& there, piece_result& out) {
    auto comparable = result<bool>(stands(there.at));
    if (*comparable) comparable = lies_in_log(primary_, there.at.before.at);
    if (!comparable) return pass_on(std::move(comparable));
    if (!*comparable) return all_pending(here, there, out);
    auto moves = moves_between(here.side, there.side, out.until);
    if (!moves) return pass_on(std::move(moves));
    auto compared = compare_range(here.side, there.side, *moves);
    out.equal = compared.equal;
    judge_singly(compared.suspects, out);
    return {};
  }

 private:
  /// Not before the secondary stands in this log can anything be said of its documents.
  result<void> all_pending(const read_page& here, const read_page& there, piece_result& out) {
    std::vector<document_id> corrupt;
    std::vector<document_id> ids;
    for (const auto& entry : here.side.entries) {
      (entry.hash == entry.stored_hash ? ids : corrupt).push_back(entry.id);
    }
    for (const auto& entry : there.side.entries) ids.push_back(entry.id);
    std::ranges::sort(ids);
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    std::erase_if(ids,
                  [&](const document_id& id) { return std::ranges::binary_search(corrupt, id); });
    for (auto& id : ids) {
      out.others.push_back({.id = std::move(id), .outcome = comparison::pending});
    }
    judge_singly(corrupt, out);
    return {};
  }

  result<std::vector<log_move>> moves_between(const range_side& here, const range_side& there,
                                              const std::optional<document_id>& until) {
    auto moves = read_moves(primary_, std::min(here.before, there.before),
                            std::max(here.after, there.after), limits_.log_records);
    if (!moves) return pass_on(std::move(moves));
    if (!*moves) return std::vector<log_move>();
    std::erase_if(**moves, [&](const log_move& move) {
      const auto& collection = move.id.collection.text();
      return (request_.after && move.id <= *request_.after) || (until && move.id > *until) ||
             (!request_.collection.empty() && collection != request_.collection) ||
             !actors::matches_any(request_.patterns, collection);
    });
    return **std::move(moves);
  }

  void judge_singly(const std::vector<document_id>& ids, piece_result& out) {
    auto compared = compare_documents(primary_, secondary_, ids, limits_);
    for (auto& judged : compared.judgements) {
      if (judged.outcome != comparison::equal) {
        out.others.push_back(std::move(judged));
      } else if (judged.counts()) {
        ++out.equal;
      }
    }
  }

  backends::primary_reader& primary_;
  backends::store_reader& secondary_;
  const piece_request& request_;
  const step_limits& limits_;
};

/// The range is what both pages cover.
void settle_end(const read_page& here, const read_page& there, piece_result& out) {
  out.at_end = !here.last && !there.last;
  if (out.at_end) return;
  out.until = here.last && there.last ? std::min(*here.last, *there.last)
              : here.last             ? *here.last
                                      : *there.last;
}

void all_unknown(const read_page& here, const error& why, piece_result& out) {
  out.unread = why.detail;
  out.equal = 0;
  out.others.clear();
  for (const auto& entry : here.side.entries) {
    out.others.push_back(unknown_judgement(entry.id, why.detail));
  }
}

}  // namespace

piece_result compare_piece(backends::primary_reader& primary, backends::store_reader* secondary,
                           const piece_request& request, const step_limits& limits) {
  piece_result out;
  const auto failed = [&out](error why) {
    out.failed = std::move(why);
    return out;
  };
  scan_request range{.collection = request.collection,
                     .after = request.after,
                     .max_documents = limits.piece_documents,
                     .max_bytes = limits.piece_bytes};
  auto here = read(primary, range, request.patterns);
  if (!here) return failed(here.error());
  out.from = here->at.before.at.at;
  out.until = here->last;
  out.at_end = !here->last;

  // Room for a few surplus documents, so that these alone do not cut the range.
  range.until = here->last;
  range.max_documents += limits.piece_documents;
  range.max_bytes += limits.piece_bytes;
  auto there = secondary ? read(*secondary, range, request.patterns)
                         : result<read_page>(fail(errc::unavailable, "the store is not open"));
  if (!there) {
    all_unknown(*here, there.error(), out);
  } else {
    // Everything behind `until` on the primary was not asked for on the secondary.
    if (!there->last) there->last = here->last;
    settle_end(*here, *there, out);
    if (out.until) {
      cut(here->side, *out.until);
      cut(there->side, *out.until);
    }
    auto done = range_step(primary, *secondary, request, limits).run(*here, *there, out);
    if (!done) all_unknown(*here, done.error(), out);
  }
  const auto meta = primary.meta();
  if (!meta) return failed(meta.error());
  out.to = meta->end().at;
  out.documents_total = meta->documents;
  return out;
}

}  // namespace keelson::validator
