#include "actors/store/primary_keeper.hpp"

#include <chrono>
#include <limits>
#include <utility>

#include "actors/store/retention.hpp"

namespace keelson::store {

namespace {

/// The requests of all parcels in one row, and back.
std::vector<messages::write_request> gather(std::vector<parcel>& group) {
  std::vector<messages::write_request> requests;
  std::size_t count = 0;
  for (const auto& p : group) count += p.requests.size();
  requests.reserve(count);
  for (auto& p : group) {
    for (auto& request : p.requests) requests.push_back(std::move(request));
  }
  return requests;
}

void scatter(std::vector<messages::write_request>& requests, std::vector<parcel>& group) {
  std::size_t next = 0;
  for (auto& p : group) {
    for (auto& request : p.requests) request = std::move(requests[next++]);
  }
}

/// Of documents whose heads are kept: some 4 MiB, and what keys of more than 15 bytes take.
constexpr std::size_t most_heads = 32'768;

bool leaves_outcome_open(errc code) {
  return code == errc::outcome_unknown || code == errc::store_io || code == errc::fenced ||
         code == errc::store_corrupt;
}

}  // namespace

primary_keeper::primary_keeper(primary_options options)
    : options_(std::move(options)), heads_(most_heads) {}
primary_keeper::~primary_keeper() {
  close();
}

result<open_report> primary_keeper::open() {
  close();
  auto opened_now = open_as_writer(options_);
  if (!opened_now) return pass_on(std::move(opened_now));
  primary_ = std::move(opened_now->primary);
  watch_ = actors::place_watch(options_.location);
  lost_place_.reset();
  options_.choice = log_choice::keep;  // what was asked for is done; a reopening asks for nothing
  options_.foreign = backends::foreign_policy::refuse;
  open_report report{.replaced = std::move(opened_now->replaced)};
  if (unsettled_) report.settled = settle(*std::exchange(unsettled_, std::nullopt));
  if (report.settled && report.settled->broken) {
    auto problem = *report.settled->broken;
    refused_ = std::move(report.settled->answers);
    close();
    return std::unexpected(std::move(problem));
  }
  report.opened = opened();
  report.meta = primary_->meta;
  return report;
}

void primary_keeper::close() {
  heads_.clear();
  if (!primary_) return;
  // An unsynced mark is no loss: it is written again with the next group.
  if (primary_->mark) std::ignore = primary_->mark->sync();
  primary_.reset();
}

actors::opened_store primary_keeper::opened() const {
  return {.name = std::string(actors::primary_name),
          .store = primary_->store,
          .end = primary_->meta.end(),
          .oldest = primary_->meta.oldest,
          .base = primary_->meta.epoch().base};
}

/// From what this writer knows, and the rest in one read.
result<found_rows> primary_keeper::find(const wanted_rows& wanted) {
  const auto count = wanted.documents.size();
  result<found_rows> found(found_rows{.heads = std::vector<document_head>(count),
                                      .values = std::vector<std::string>(count),
                                      .system = {}});
  std::vector<document_id> unknown;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < count; ++i) {
    const auto* const head = wanted.whole[i] ? nullptr : heads_.find(wanted.documents[i]);
    if (head != nullptr) {
      found->heads[i] = *head;
    } else {
      unknown.push_back(wanted.documents[i]);
      places.push_back(i);
    }
  }
  auto view = primary_->session->read(unknown, wanted.system_keys);
  if (!view) return pass_on(std::move(view));
  for (std::size_t i = 0; i < places.size(); ++i) {
    auto& stored = view->documents[i];
    if (!stored) continue;
    found->heads[places[i]] = {stored->version, stored->hash, stored->value.size()};
    found->values[places[i]] = std::move(stored->value);
  }
  found->system = std::move(view->system);
  return found;
}

void primary_keeper::remember(const planned_group& committed) {
  for (const auto& row : committed.rows) {
    const bool there = row.op == change_op::put;
    heads_.put(*row.id,
               there ? document_head{row.version, row.hash, row.value.size()} : document_head{});
  }
}

result<planned_group> primary_keeper::plan(std::vector<messages::write_request>& requests) {
  const auto wanted = rows_wanted(requests);
  auto found = find(wanted);
  if (!found) return pass_on(std::move(found));
  aged_answers aged{.now = options_.ages()};
  const bool keeps_answers =
      !wanted.system_keys.empty() && wanted.system_keys.back() == idempotency_bounds_row;
  if (keeps_answers) {
    constexpr std::size_t at_a_time = 512;
    auto rows = primary_->reader->system_rows(idempotency_age_prefix, "", at_a_time);
    if (!rows) return pass_on(std::move(rows));
    aged.rows = *std::move(rows);
  }
  return plan_group(requests, wanted, *found, primary_->meta, options_.now(), aged,
                    options_.planner);
}

group_report primary_keeper::commit(std::vector<parcel> group) {
  if (!primary_) {
    return refuse(group, {.code = errc::unavailable, .detail = "the primary is not open"});
  }
  if (lost_place_) return refuse(group, *lost_place_);
  auto requests = gather(group);
  auto planned = plan(requests);
  if (!planned) {
    auto report =
        refuse(group, {.code = errc::unavailable,
                       .detail = "the primary cannot be read: " + planned.error().detail});
    report.broken = std::move(planned).error();
    return report;
  }
  if (!planned->changes_something()) return report(group, *std::move(planned));
  const auto start = std::chrono::steady_clock::now();  // measures, decides nothing
  const auto committed = primary_->session->commit({.expected_last = primary_->meta.last,
                                                    .expected_term = primary_->meta.term,
                                                    .rows = planned->rows,
                                                    .records = planned->records,
                                                    .system = planned->system,
                                                    .next = planned->next});
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  if (committed) {
    primary_->meta = planned->next;
    remember(*planned);
    // A mark that cannot be written is no evidence later, and no harm now.
    std::ignore = primary_->mark->write(primary_->meta.end());
    auto done = report(group, *std::move(planned));
    done.commit_seconds = seconds.count();
    return done;
  }
  heads_.clear();
  if (!leaves_outcome_open(committed.error().code)) return refuse(group, committed.error());
  group_report report{.meta = primary_->meta, .broken = committed.error()};
  scatter(requests, group);
  unsettled_ = unsettled{std::move(group), *std::move(planned)};
  return report;
}

result<void> primary_keeper::check_place() {
  lost_place_.reset();
  if (const auto there = watch_.check(); !there) {
    lost_place_ = {.code = errc::unavailable,
                   .detail = there.error().detail +
                             ", so nothing is written any more; what was is still read: save it "
                             "with keelson dump before the service stops"};
    return std::unexpected(*lost_place_);
  }
  return {};
}

group_report primary_keeper::report(const std::vector<parcel>& group, planned_group plan) {
  group_report report{.meta = plan.next};
  std::size_t next = 0;
  for (const auto& p : group) {
    auto& answers = report.answers.emplace_back(parcel_answers{.parcel = p.id}).receipts.answers;
    answers.reserve(p.requests.size());
    for (std::size_t i = 0; i < p.requests.size(); ++i) {
      answers.push_back(std::move(plan.answers[next++]));
    }
  }
  if (plan.changes_something()) {
    for (const auto& record : plan.records) report.commits += record.ends_commit;
    report.committed = std::make_shared<const committed_group>(
        committed_group{plan.from, plan.next.end(), std::move(plan.records)});
  }
  return report;
}

group_report primary_keeper::refuse(const std::vector<parcel>& group, const error& problem) const {
  group_report report;
  if (primary_) report.meta = primary_->meta;
  for (const auto& p : group) {
    auto& answers = report.answers.emplace_back(parcel_answers{.parcel = p.id}).receipts.answers;
    answers.assign(p.requests.size(), problem);
  }
  return report;
}

group_report primary_keeper::settle(unsettled&& open_group) {
  auto& [group, plan] = open_group;
  const auto& meta = primary_->meta;
  if (meta.last == plan.next.last && meta.chain == plan.next.chain) {
    plan.next = meta;
    return report(group, std::move(plan));
  }
  if (meta.last == plan.from.at.at && meta.chain == plan.from.chain) {
    auto requests = gather(group);
    restore_values(plan, requests);
    scatter(requests, group);
    return commit(std::move(group));
  }
  return refuse(group, {.code = errc::outcome_unknown,
                        .detail = "the primary's log was replaced while this was being written"});
}

std::vector<parcel_answers> primary_keeper::give_up(std::int64_t now) {
  std::vector<parcel_answers> given_up;
  if (!unsettled_) return given_up;
  std::size_t next = 0;
  for (auto& p : unsettled_->group) {
    const auto first = next;
    next += p.requests.size();
    if (p.deadline > now) continue;
    auto& answers = given_up.emplace_back(parcel_answers{.parcel = p.id}).receipts.answers;
    for (auto i = first; i < next; ++i) {
      answers.push_back(error{.code = errc::outcome_unknown,
                              .detail = "the primary did not say whether it kept the write; the "
                                        "same request with its Idempotency-Key settles it"});
    }
    p.deadline = std::numeric_limits<std::int64_t>::max();  // answered; it may still be committed
  }
  return given_up;
}

result<primary_keeper::testimony_report> primary_keeper::testify(const log_point& kept,
                                                                 const std::string& seen_by) {
  const auto judged = judge(*primary_->reader, primary_->meta, kept);
  if (!judged) return std::unexpected(judged.error());
  testimony_report report;
  report.answer.verdict = judged->verdict;
  if (judged->news) {
    auto next = with_new_epoch(primary_->meta, kept.at.at, options_.random());
    if (auto written = commit_meta(*primary_->session, primary_->meta, next); !written) {
      if (leaves_outcome_open(written.error().code)) close();
      return pass_on(std::move(written));
    }
    report.replaced = {
        .known = kept, .found = primary_->meta.end(), .seen_by = seen_by, .at = options_.now()};
    primary_->meta = std::move(next);
    std::ignore = primary_->mark->write(primary_->meta.end());
  }
  report.answer.end = primary_->meta.end();
  return report;
}

result<void> primary_keeper::look() {
  const auto found = primary_->session->meta();
  if (!found) {
    close();
    return std::unexpected(found.error());
  }
  if (found->last != primary_->meta.last || found->term != primary_->meta.term) {
    close();
    return fail(errc::fenced, "somebody else writes to the primary");
  }
  return {};
}

result<bool> primary_keeper::trim(std::optional<sequence> held_after) {
  constexpr std::size_t slice_records = 1000;
  const auto& meta = primary_->meta;
  if (!may_trim(meta, options_.retention, held_after)) return false;
  const auto slice = primary_->reader->read_log(meta.oldest, slice_records, slice_records * 1024);
  if (!slice) return std::unexpected(slice.error());
  const auto through =
      trim_bound(meta, slice->records, options_.ages(), options_.retention, held_after);
  if (!through) return false;
  auto trimmed = primary_->session->trim(*through, slice->records.size());
  if (!trimmed) {
    if (leaves_outcome_open(trimmed.error().code)) close();
    return pass_on(std::move(trimmed));
  }
  primary_->meta = *std::move(trimmed);
  return true;
}

}  // namespace keelson::store
