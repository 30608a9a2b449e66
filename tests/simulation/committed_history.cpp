#include "tests/simulation/committed_history.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace keelson::test {

using namespace backends;

namespace {

constexpr std::size_t everything = std::numeric_limits<std::size_t>::max();

bool has(const whole_log& log, const log_point& point) {
  const auto& epochs = log.meta.epochs;
  const bool base = std::ranges::any_of(epochs, [&](const auto& epoch) {
    return epoch.base == point.at.at && epoch.chain == point.chain;
  });
  return base || std::ranges::any_of(log.records, [&](const log_record& record) {
           return record.at == point.at.at && record.ends_commit != 0 &&
                  record.chain == point.chain;
         });
}

/// The last sequence of an epoch in a log; nothing if the log does not have the epoch.
std::optional<sequence> end_of(const whole_log& log, const std::string& epoch) {
  const auto& epochs = log.meta.epochs;
  const auto found = std::ranges::find(epochs, epoch, &epoch_entry::name);
  if (found == epochs.end()) return std::nullopt;
  if (found + 1 == epochs.end()) return log.meta.last;
  sequence end = found->base;
  for (const auto& record : log.records) {
    if (log.meta.epoch_of(record.at) == epoch) end = record.at;
  }
  return end;
}

}  // namespace

primary_meta committed_history::meta() const {
  auto meta = primary_.look_at_primary()->meta();
  if (!meta) throw std::runtime_error(meta.error().detail);
  return *std::move(meta);
}

const whole_log& committed_history::present() const {
  if (auto now = primary_.now(); now != seen_) {
    auto slice = primary_.look_at_primary()->read_log({}, everything, everything);
    if (!slice) throw std::runtime_error(slice.error().detail);
    present_ = {std::move(slice->meta), std::move(slice->records)};
    seen_ = std::move(now);
  }
  return present_;
}

void committed_history::lose_present() {
  lost_.push_back(present());
}

bool committed_history::knows(const log_point& point) const {
  std::ignore = present();
  return has(present_, point);
}

bool committed_history::knew(const log_point& point) const {
  return std::ranges::any_of(lost_, [&](const auto& log) { return has(log, point); });
}

const whole_log* committed_history::log_of(const std::string& epoch) const {
  std::ignore = present();
  const whole_log* farthest = nullptr;
  std::optional<sequence> end;
  const auto look = [&](const whole_log& log) {
    const auto here = end_of(log, epoch);
    if (!here || (end && *here <= *end)) return;
    farthest = &log;
    end = here;
  };
  for (const auto& log : lost_) look(log);
  look(present_);
  return farthest;
}

bool committed_history::committed(const position& at) const {
  const auto* const log = log_of(at.epoch);
  return log != nullptr && at.at <= end_of(*log, at.epoch);
}

std::vector<log_record> committed_history::records_after(const position& at,
                                                         const change_filter& filter) const {
  std::vector<log_record> found;
  std::size_t commit = 0;  // where the present one begins in `found`
  const auto* const log = log_of(at.epoch);
  if (log == nullptr) return found;
  for (const auto& record : log->records) {
    if (record.at <= at.at || log->meta.epoch_of(record.at) != at.epoch) continue;
    if (filter.passes(record.id)) {
      found.push_back(record);
    } else if (record.ends_commit != 0 && found.size() > commit) {
      found.back().ends_commit = 1;
    }
    if (record.ends_commit != 0) commit = found.size();
  }
  return found;
}

documents_by_key committed_history::documents(const position& at,
                                              const change_filter& filter) const {
  const auto* const log = log_of(at.epoch);
  return log == nullptr ? documents_by_key() : folded(log->records, filter, at.at);
}

documents_by_key folded(const std::vector<log_record>& log, const change_filter& filter,
                        sequence end) {
  documents_by_key documents;
  for (const auto& record : log) {
    if (record.at > end) break;
    if (!filter.passes(record.id)) continue;
    if (record.op == change_op::put) {
      documents[record.id.key.text()] = record.value;
    } else {
      documents.erase(record.id.key.text());
    }
  }
  return documents;
}

}  // namespace keelson::test
