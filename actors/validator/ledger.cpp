#include "actors/validator/ledger.hpp"

#include <algorithm>

namespace keelson::validator {

messages::open_difference shown(const std::string& secondary, const judgement& judged,
                                timestamp found) {
  return {.secondary = secondary,
          .id = judged.id,
          .kind = std::string(to_string(judged.kind)),
          .primary_version = judged.primary_version,
          .secondary_version = judged.secondary_version,
          .found = found};
}

bool ledger::take(const std::string& secondary, const judgement& judged, ordinal began,
                  ordinal arrived, timestamp now) {
  const place where{secondary, judged.id};
  if (judged.outcome == comparison::unknown) {
    if (unknown_.size() < bound_) unknown_.try_emplace(where, now);
    return false;
  }
  unknown_.erase(where);
  const auto known = open_.find(where);
  if (judged.outcome == comparison::equal && known != open_.end() &&
      known->second.confirmed < began) {
    close(known);
  }
  if (judged.outcome != comparison::different) return false;
  if (known != open_.end()) {
    const auto found = known->second.shown.found;
    known->second.shown = shown(secondary, judged, found);
    known->second.confirmed = arrived;
    return false;
  }
  if (open_.size() == bound_) return false;
  const auto serial = next_serial_++;
  open_.emplace(where, entry{shown(secondary, judged, now), serial, arrived});
  by_age_.emplace(serial, where);
  ++open_on_[secondary];
  return true;
}

void ledger::settle(const std::string& secondary, const settled_range& range,
                    const std::set<document_id>& not_equal, ordinal began) {
  const auto concerns = [&](const place& at) {
    const auto& id = at.second;
    return at.first == secondary && (!range.after || id > *range.after) &&
           (!range.until || id <= *range.until) &&
           (range.collection.empty() || id.collection.text() == range.collection) &&
           !not_equal.contains(id);
  };
  const place begin{secondary, range.after.value_or(document_id{})};
  const auto beyond = [&](const place& at) {
    return at.first != secondary || (range.until && at.second > *range.until);
  };
  for (auto at = open_.lower_bound(begin); at != open_.end() && !beyond(at->first);) {
    const bool gone = concerns(at->first) && at->second.confirmed < began;
    at = gone ? close(at) : std::next(at);
  }
  for (auto at = unknown_.lower_bound(begin); at != unknown_.end() && !beyond(at->first);) {
    at = concerns(at->first) ? unknown_.erase(at) : std::next(at);
  }
}

ledger::entries::iterator ledger::close(entries::iterator at) {
  by_age_.erase(at->second.serial);
  --open_on_[at->first.first];
  return open_.erase(at);
}

std::uint64_t ledger::open_on(const std::string& secondary) const {
  const auto known = open_on_.find(secondary);
  return known == open_on_.end() ? 0 : known->second;
}

std::optional<timestamp> ledger::oldest_on(const std::string& secondary) const {
  if (open_on(secondary) == 0) return std::nullopt;
  const auto oldest = std::ranges::find_if(
      by_age_, [&secondary](const auto& entry) { return entry.second.first == secondary; });
  return open_.at(oldest->second).shown.found;
}

std::optional<timestamp> ledger::unknown_since() const {
  if (unknown_.empty()) return std::nullopt;
  return std::ranges::min_element(unknown_, {}, &decltype(unknown_)::value_type::second)->second;
}

std::vector<messages::open_difference> ledger::oldest(std::size_t most) const {
  std::vector<messages::open_difference> out;
  for (const auto& [serial, where] : by_age_) {
    if (out.size() == most) break;
    out.push_back(open_.at(where).shown);
  }
  return out;
}

}  // namespace keelson::validator
