#include "actors/store/planner_state.hpp"

#include <algorithm>

#include "protocols/model/canonical_json.hpp"

namespace keelson::store {

using messages::precondition;
using messages::unmet;
using messages::write_effect;
using messages::write_op;

namespace {

/// `now` is what the operation saw, `before` what is there if its request is refused.
error precondition_error(const messages::write_operation& operation, std::size_t index, version now,
                         version before) {
  error problem{.code = errc::precondition_failed};
  if (now != before) {
    problem.detail = "an earlier operation of this batch changes the document";
  } else if (operation.condition == precondition::missing) {
    problem.detail = "the document exists already";
  } else if (now == version{}) {
    problem.detail = "there is no document";
  } else {
    problem.detail = "the document has version " + std::to_string(now.value) +
                     ", which is not the one asked for";
  }
  problem.index = static_cast<std::int64_t>(index);
  problem.present_version = static_cast<std::int64_t>(before.value);
  return problem;
}

bool holds(const messages::write_operation& operation, version present_version) {
  switch (operation.condition) {
    case precondition::none:
      return true;
    case precondition::exists:
      return present_version.value != 0;
    case precondition::missing:
      return present_version.value == 0;
    case precondition::version_is:
      return present_version == operation.expected;
  }
  return false;
}

std::unexpected<error> no_document(std::uint32_t index) {
  return std::unexpected(
      error{.code = errc::not_found, .detail = "there is no document", .index = index});
}

}  // namespace

planner_state::planner_state(const wanted_rows& wanted, const found_rows& found,
                             const backends::primary_meta& meta, timestamp now,
                             const planner_limits& limits)
    : limits_(limits),
      wanted_(wanted),
      found_(found),
      time_(std::max(now, meta.last_time)),
      last_(meta.last),
      chain_(meta.chain) {
  plan_.next = meta;
  plan_.from = meta.end();
  documents_.reserve(wanted.documents.size());
  for (std::size_t i = 0; i < wanted.documents.size(); ++i) {
    const auto& head = found.heads[i];
    documents_.emplace(
        &wanted.documents[i],
        present{.version = head.version, .hash = head.hash, .bytes = head.bytes, .in_found = i});
  }
}

result<void> planner_state::read_system_rows() {
  for (std::size_t i = 0; i < wanted_.system_keys.size(); ++i) {
    const std::string_view key = wanted_.system_keys[i];
    const auto& row = found_.system[i];
    if (key.starts_with(collection_prefix)) {
      backends::store_counts counts;
      if (row) {
        auto decoded = decode_counts(*row);
        if (!decoded) return pass_on(std::move(decoded));
        counts = *decoded;
      }
      collections_.emplace(key.substr(collection_prefix.size()), counts);
    } else if (!row) {
      continue;
    } else if (key == idempotency_bounds_row) {
      auto decoded = decode_bounds(*row);
      if (!decoded) return pass_on(std::move(decoded));
      bounds_ = *decoded;
    } else {
      auto decoded = decode_idempotency(*row);
      if (!decoded) return pass_on(std::move(decoded));
      answers_.emplace(key, *std::move(decoded));
    }
  }
  return {};
}

void planner_state::decide(std::uint32_t index, messages::write_request& request) {
  if (auto earlier = earlier_answer(request)) {
    plan_.answers.push_back(*std::move(earlier));
    return;
  }
  const auto first_record = plan_.records.size();
  undo_.clear();
  messages::write_receipt receipt;
  receipt.outcomes.reserve(request.operations.size());
  for (std::uint32_t i = 0; i < request.operations.size(); ++i) {
    auto outcome = apply(index, i, request);
    if (!outcome) {
      roll_back(request, first_record);
      plan_.answers.emplace_back(std::move(outcome).error());
      return;
    }
    receipt.outcomes.push_back(*outcome);
  }
  const bool changed = plan_.records.size() > first_record;
  if (changed) end_commit(first_record);
  receipt.at = {plan_.next.epoch().name, last_};
  if (changed && !request.idempotency_key.empty()) keep_answer(request, receipt);
  plan_.answers.emplace_back(std::move(receipt));
}

std::optional<messages::answer<messages::write_receipt>> planner_state::earlier_answer(
    const messages::write_request& request) const {
  if (request.idempotency_key.empty()) return std::nullopt;
  const auto kept =
      answers_.find(idempotency_row(request.context.principal, request.idempotency_key));
  if (kept == answers_.end()) return std::nullopt;
  if (kept->second.fingerprint != request.fingerprint.hex()) {
    return error{.code = errc::idempotency_mismatch,
                 .detail = "this Idempotency-Key was used for another request"};
  }
  auto receipt = kept->second.receipt;
  receipt.repeated_key = kept->second.key;
  return messages::answer<messages::write_receipt>(std::move(receipt));
}

result<messages::operation_outcome> planner_state::apply(std::uint32_t request_index,
                                                         std::uint32_t operation_index,
                                                         messages::write_request& request) {
  auto& operation = request.operations[operation_index];
  auto& now = documents_.at(&operation.id);
  const planned_group::origin from{request_index, operation_index};
  const auto nothing = messages::operation_outcome{write_effect::unchanged, {}};
  if (!holds(operation, now.version)) {
    if (operation.if_unmet == unmet::skip) return nothing;
    return std::unexpected(
        precondition_error(operation, operation_index, now.version, version_before(now)));
  }
  const bool exists = now.version.value != 0;
  switch (operation.op) {
    case write_op::check:
      return messages::operation_outcome{write_effect::checked, now.version};
    case write_op::put:
      return change(now, from, request, std::move(operation.value), operation.value_hash);
    case write_op::patch: {
      if (!exists) return no_document(operation_index);
      auto merged = merge_patch(value_of(now), operation.value);
      if (merged && merged->size() > limits_.value_bytes) {
        merged = fail(errc::too_large, "the patched value has " + std::to_string(merged->size()) +
                                           " bytes; at most " +
                                           std::to_string(limits_.value_bytes) + " are allowed");
      }
      if (!merged) {
        merged.error().index = operation_index;
        return pass_on(std::move(merged));
      }
      const auto hash = hash_value(*merged);
      return change(now, from, request, *std::move(merged), hash);
    }
    case write_op::remove:
      if (exists) return remove(now, from, request);
      if (operation.if_unmet == unmet::skip) return nothing;
      return no_document(operation_index);
  }
  return fail(errc::internal, "an operation of an unknown kind");
}

/// What the document had before this request touched it: all that is true if it is refused.
version planner_state::version_before(const present& document) const {
  const auto first = std::ranges::find(undo_, &document, &undo::where);
  return first == undo_.end() ? document.version : first->before.version;
}

std::string_view planner_state::value_of(const present& document) const {
  return document.record >= 0 ? plan_.records[static_cast<std::size_t>(document.record)].value
                              : found_.values[document.in_found];
}

log_record& planner_state::new_record(present& now, planned_group::origin from,
                                      const messages::write_request& request) {
  undo_.push_back({&now, now});
  last_ = last_.next();
  plan_.origins.push_back(from);
  auto& record = plan_.records.emplace_back();
  record.at = last_;
  record.time = time_;
  record.id = request.operations[from.operation].id;
  record.previous = now.version;
  record.bytes_before = now.bytes;
  record.hash_before = now.hash;
  record.principal = request.context.principal;
  record.request_id = request.context.request_id;
  return record;
}

result<messages::operation_outcome> planner_state::change(present& now, planned_group::origin from,
                                                          const messages::write_request& request,
                                                          std::string value,
                                                          const hash256& value_hash) {
  const auto effect = now.version.value == 0 ? write_effect::created : write_effect::replaced;
  auto& record = new_record(now, from, request);
  record.op = change_op::put;
  record.value = std::move(value);
  record.hash_after = hash_document(record.id, record.at, record.meta, value_hash);
  now = {.version = record.at,
         .hash = record.hash_after,
         .bytes = record.value.size(),
         .record = static_cast<std::int64_t>(plan_.records.size()) - 1,
         .in_found = now.in_found};
  return messages::operation_outcome{effect, record.at};
}

result<messages::operation_outcome> planner_state::remove(present& now, planned_group::origin from,
                                                          const messages::write_request& request) {
  auto& record = new_record(now, from, request);
  record.op = change_op::remove;
  now = {.record = static_cast<std::int64_t>(plan_.records.size()) - 1, .in_found = now.in_found};
  return messages::operation_outcome{write_effect::removed, record.at};
}

void planner_state::roll_back(messages::write_request& request, std::size_t first_record) {
  for (auto i = plan_.records.size(); i-- > first_record;) {
    auto& operation = request.operations[plan_.origins[i].operation];
    if (operation.op == write_op::put) operation.value = std::move(plan_.records[i].value);
  }
  for (auto i = undo_.size(); i-- > 0;) *undo_[i].where = undo_[i].before;
  last_.value -= plan_.records.size() - first_record;
  plan_.records.resize(first_record);
  plan_.origins.resize(first_record);
}

void planner_state::end_commit(std::size_t first_record) {
  const std::span commit(plan_.records.begin() + static_cast<std::ptrdiff_t>(first_record),
                         plan_.records.end());
  const sequence predecessor{commit.front().at.value - 1};
  chain_ = chain_next(chain_, predecessor, commit);
  commit.back().ends_commit = 1;
  commit.back().chain = chain_;
  for (const auto& record : commit) count(record);
}

void planner_state::count(const log_record& record) {
  auto& collection = collections_[record.id.collection.text()];
  for (auto [documents, bytes] : {std::pair{&collection.documents, &collection.bytes},
                                  std::pair{&plan_.next.documents, &plan_.next.bytes}}) {
    if (record.previous.value == 0) ++*documents;
    if (record.op == change_op::remove) --*documents;
    *bytes += record.value.size();
    *bytes -= record.bytes_before;
  }
  plan_.next.log_bytes += log_bytes_of(record);
}

void planner_state::keep_answer(const messages::write_request& request,
                                const messages::write_receipt& receipt) {
  auto row = idempotency_row(request.context.principal, request.idempotency_key);
  idempotency_record record{.ordinal = bounds_.next++,
                            .time = time_,
                            .fingerprint = request.fingerprint.hex(),
                            .key = request.operations.front().id.key.text(),
                            .receipt = receipt};
  plan_.system.push_back({row, encode_idempotency(record)});
  plan_.system.push_back({idempotency_age_row(record.ordinal), encode_age({row, time_})});
  answers_.emplace(std::move(row), std::move(record));
  answers_changed_ = true;
}

result<void> planner_state::retire_answers(const aged_answers& aged) {
  if (!answers_changed_) return {};
  for (const auto& row : aged.rows) {
    auto age = decode_age(row.value);
    if (!age) return pass_on(std::move(age));
    const bool too_many = bounds_.next - bounds_.first > limits_.answers;
    const bool too_old =
        age->time.microseconds + limits_.answer_age_microseconds < aged.now.microseconds;
    if (!too_many && !too_old) break;
    plan_.system.push_back({row.key, std::nullopt});
    plan_.system.push_back({std::move(age->row), std::nullopt});
    ++bounds_.first;
  }
  return {};
}

planned_group planner_state::finish() && {
  auto& next = plan_.next;
  next.last = last_;
  next.chain = chain_;
  if (!plan_.records.empty()) next.last_time = time_;
  if (answers_changed_) {
    plan_.system.push_back({std::string(idempotency_bounds_row), encode_bounds(bounds_)});
  }
  if (!plan_.records.empty()) {
    for (const auto& [name, counts] : collections_) {
      std::optional<std::string> row;
      if (counts.documents > 0) row = encode_counts(counts);
      plan_.system.push_back({std::string(collection_prefix) + name, std::move(row)});
    }
  }
  plan_.rows.reserve(documents_.size());
  for (std::size_t i = 0; i < plan_.records.size(); ++i) {
    const auto& record = plan_.records[i];
    const auto& now = documents_.at(&record.id);
    const bool is_last = record.op == change_op::put ? now.record == static_cast<std::int64_t>(i)
                                                     : now.version.value == 0;
    if (is_last) plan_.rows.push_back(backends::row_of(record));
  }
  return std::move(plan_);
}

}  // namespace keelson::store
