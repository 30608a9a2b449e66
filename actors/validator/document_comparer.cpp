#include "actors/validator/document_comparer.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "actors/validator/log_moves.hpp"

namespace keelson::validator {

namespace {

using backends::documents_read;

/// One attempt at some documents: looks at the primary, at the secondary, and at the primary again
/// where the two disagree.
class attempt {
 public:
  attempt(backends::primary_reader& primary, backends::store_reader& secondary,
          const step_limits& limits)
      : primary_(primary), secondary_(secondary), limits_(limits) {}

  /// Judges what it can; the rest, which was written meanwhile, is left in `ids` as pending.
  std::vector<judgement> run(std::vector<document_id>& ids) {
    auto first = primary_.get(ids);
    if (!first) return all_unknown(ids, first.error());
    saw(*first);
    auto other = secondary_.get(ids);
    if (!other) return all_unknown(ids, other.error());

    std::vector<judgement> out;
    std::vector<document_id> suspects;
    std::vector<std::size_t> suspect_at;
    for (std::size_t i = 0; i < ids.size(); ++i) {
      out.push_back(judge(ids[i], {.primary = first->documents[i],
                                   .primary_at = first->at.before.at.at.at,
                                   .secondary = other->documents[i],
                                   .secondary_at = other->at}));
      if (out.back().outcome != comparison::different) continue;
      suspects.push_back(ids[i]);
      suspect_at.push_back(i);
    }
    ids.clear();
    if (!suspects.empty()) look_again(*first, *other, suspects, suspect_at, out, ids);
    return out;
  }

  [[nodiscard]] const position& at() const noexcept { return at_; }
  /// A record is damaged, and it need not be that of every document asked for.
  [[nodiscard]] bool unreadable() const noexcept { return unreadable_; }

 private:
  std::vector<judgement> all_unknown(std::vector<document_id>& ids, const error& why) {
    unreadable_ = unreadable_ || why.code == errc::store_corrupt;
    std::vector<judgement> out;
    out.reserve(ids.size());
    for (const auto& id : ids) out.push_back(unknown_judgement(id, why.detail));
    ids.clear();
    return out;
  }

  void saw(const documents_read& read) { at_ = read.at.after.at.at; }

  void look_again(const documents_read& first, const documents_read& other,
                  const std::vector<document_id>& suspects,
                  const std::vector<std::size_t>& suspect_at, std::vector<judgement>& out,
                  std::vector<document_id>& again) {
    const auto give_up = [&](const error& why) {
      unreadable_ = unreadable_ || why.code == errc::store_corrupt;
      for (const auto i : suspect_at) out[i] = unknown_judgement(out[i].id, why.detail);
    };
    bool comparable = stands(other.at);
    if (comparable) {
      const auto known = lies_in_log(primary_, other.at.before.at);
      if (!known) return give_up(known.error());
      comparable = *known;
    }
    const auto second = primary_.get(suspects);
    if (!second) return give_up(second.error());
    saw(*second);
    const auto between = touched(first, *second, suspects, suspect_at, out);
    if (!between) return give_up(between.error());

    for (std::size_t s = 0; s < suspects.size(); ++s) {
      auto& found = out[suspect_at[s]];
      const auto verdict =
          confirm(found.kind, first.documents[suspect_at[s]], second->documents[s], (*between)[s]);
      if (verdict == confirmation::written_meanwhile) {
        found.outcome = comparison::pending;
        again.push_back(found.id);
      } else if (!comparable && found.kind != difference_kind::corrupt) {
        found.outcome = comparison::pending;
        found.needs = {};
      }
    }
  }

  /// Of each suspect, whether the log has a record of it between the looks. A log that cannot be
  /// read so far is taken for one that has.
  result<std::vector<log_between>> touched(const documents_read& first,
                                           const documents_read& second,
                                           const std::vector<document_id>& suspects,
                                           const std::vector<std::size_t>& suspect_at,
                                           const std::vector<judgement>& judged) {
    std::vector<log_between> out(suspects.size(), log_between::untouched);
    const auto surplus = [&judged](std::size_t i) {
      return judged[i].kind == difference_kind::surplus;
    };
    if (std::ranges::none_of(suspect_at, surplus)) return out;
    auto moves = read_moves(primary_, first.at.before.at.at.at, second.at.after.at.at.at,
                            limits_.log_records);
    if (!moves) return pass_on(std::move(moves));
    for (std::size_t s = 0; s < suspects.size(); ++s) {
      const auto is_suspect = [&](const log_move& move) { return move.id == suspects[s]; };
      if (!*moves || std::ranges::any_of(**moves, is_suspect)) out[s] = log_between::touched;
    }
    return out;
  }

  backends::primary_reader& primary_;
  backends::store_reader& secondary_;
  const step_limits& limits_;
  position at_;
  bool unreadable_ = false;
};

compared_documents compare_few(backends::primary_reader& primary, backends::store_reader& secondary,
                               std::span<const document_id> ids, const step_limits& limits) {
  compared_documents out;
  std::vector<document_id> left(ids.begin(), ids.end());
  for (unsigned look = 0; look < limits.looks && !left.empty(); ++look) {
    attempt now(primary, secondary, limits);
    auto found = now.run(left);
    if (now.unreadable() && ids.size() > 1) {
      auto one_by_one = limits;
      one_by_one.documents_a_look = 1;
      return compare_documents(primary, secondary, ids, one_by_one);
    }
    if (!now.at().epoch.empty()) out.at = now.at();
    if (out.judgements.empty()) {
      out.judgements = std::move(found);
      continue;
    }
    for (const auto& better : found) {
      for (auto& old : out.judgements) {
        if (old.id == better.id) old = better;
      }
    }
  }
  return out;
}

}  // namespace

compared_documents compare_documents(backends::primary_reader& primary,
                                     backends::store_reader& secondary,
                                     std::span<const document_id> ids, const step_limits& limits) {
  compared_documents out;
  out.judgements.reserve(ids.size());
  const auto add = [&out](compared_documents part) {
    std::ranges::move(part.judgements, std::back_inserter(out.judgements));
    if (!part.at.epoch.empty()) out.at = std::move(part.at);
  };
  for (std::size_t begin = 0; begin < ids.size(); begin += limits.documents_a_look) {
    const auto count = std::min(limits.documents_a_look, ids.size() - begin);
    add(compare_few(primary, secondary, ids.subspan(begin, count), limits));
  }
  return out;
}

compared_documents compare_again(backends::primary_reader& primary,
                                 backends::store_reader& secondary,
                                 const std::vector<judgement>& before, const step_limits& limits) {
  const auto point = secondary.point();
  std::vector<document_id> due;
  std::vector<std::size_t> due_at;
  compared_documents out{.judgements = before};
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (!point) {
      out.judgements[i] = unknown_judgement(before[i].id, point.error().detail);
    } else if (point->what != backends::store_point::phase::applied ||
               point->at.at.at < before[i].needs) {
      out.judgements[i].outcome = comparison::pending;
    } else {
      due.push_back(before[i].id);
      due_at.push_back(i);
    }
  }
  auto judged = compare_documents(primary, secondary, due, limits);
  for (std::size_t i = 0; i < due.size(); ++i) {
    out.judgements[due_at[i]] = std::move(judged.judgements[i]);
  }
  out.at = std::move(judged.at);
  return out;
}

}  // namespace keelson::validator
