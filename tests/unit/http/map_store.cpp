#include "tests/unit/http/map_store.hpp"

#include "protocols/model/canonical_json.hpp"

namespace keelson::test {

using namespace messages;

namespace {

/// 2024-01-01T00:00:00Z
constexpr timestamp a_time{1'704'067'200'000'000};

bool holds(const write_operation& operation, version present) {
  switch (operation.condition) {
    case precondition::exists:
      return present != version{};
    case precondition::missing:
      return present == version{};
    case precondition::version_is:
      return present == operation.expected;
    case precondition::none:
      break;
  }
  return true;
}

}  // namespace

result<operation_outcome> map_store::apply(documents& to, version next,
                                           const write_operation& operation) {
  const auto found = to.find(operation.id);
  const bool is_there = found != to.end();
  const version present = is_there ? found->second.version : version{};
  if (!holds(operation, present)) {
    if (operation.if_unmet == unmet::skip)
      return operation_outcome{write_effect::unchanged, present};
    return std::unexpected(error{.code = errc::precondition_failed,
                                 .detail = "the document has another version",
                                 .present_version = static_cast<std::int64_t>(present.value)});
  }
  if (operation.op == write_op::check) return operation_outcome{write_effect::checked, present};
  if (!is_there && operation.op != write_op::put) {
    if (operation.if_unmet == unmet::skip) return operation_outcome{};
    return fail(errc::not_found, "there is no document of this key");
  }
  if (operation.op == write_op::remove) {
    to.erase(found);
    return operation_outcome{write_effect::removed, next};
  }
  std::string value = operation.value;
  if (operation.op == write_op::patch) value = *merge_patch(found->second.value, operation.value);
  to[operation.id] = {
      .id = operation.id, .version = next, .time = a_time, .value = std::move(value)};
  return operation_outcome{is_there ? write_effect::replaced : write_effect::created, next};
}

result<write_receipt> map_store::write(const write_request& request) {
  if (const auto kept = answers_.find(request.idempotency_key); kept != answers_.end()) {
    if (kept->second.fingerprint == request.fingerprint) return kept->second.receipt;
    return fail(errc::idempotency_mismatch, "another request had this key");
  }
  const bool alone = request.operations.size() == 1;
  documents next = alone ? documents() : documents_;
  documents& to = alone ? documents_ : next;
  write_receipt receipt;
  sequence last = last_;
  for (const write_operation& operation : request.operations) {
    auto outcome = apply(to, last.next(), operation);
    if (!outcome) {
      if (!alone) outcome.error().index = static_cast<std::int64_t>(receipt.outcomes.size());
      return pass_on(std::move(outcome));
    }
    if (outcome->effect <= write_effect::removed) last = last.next();
    receipt.outcomes.push_back(*outcome);
  }
  if (!alone) documents_ = std::move(next);
  last_ = last;
  receipt.at = at();
  if (!request.idempotency_key.empty()) {
    auto& kept = answers_[request.idempotency_key] = {request.fingerprint, receipt};
    kept.receipt.repeated_key = request.operations.front().id.key.text();
  }
  return receipt;
}

collections_reply map_store::sums() const {
  collections_reply reply{.at = at()};
  for (const auto& [id, each] : documents_) {
    const auto& name = id.collection.text();
    if (reply.collections.empty() || reply.collections.back().name != name)
      reply.collections.push_back({name});
    reply.collections.back().documents += 1;
    reply.collections.back().bytes += each.value.size();
  }
  return reply;
}

get_reply map_store::get(const get_request& request) const {
  const auto found = documents_.find(request.id);
  if (found == documents_.end()) return {at(), {}};
  return {at(), {1, found->second}};
}

get_many_reply map_store::get_many(const get_many_request& request) const {
  get_many_reply reply{.at = at()};
  for (const document_key& key : request.keys)
    reply.documents.push_back(get({.id = {request.collection, key}}).document);
  return reply;
}

list_page map_store::list(const list_request& request) const {
  list_page page{.at = at(), .at_end = 1};
  const auto visit = [&](const document& each) {
    const std::string& key = each.id.key.text();
    const bool backward = request.order == list_order::backward;
    if (each.id.collection != request.collection || !key.starts_with(request.prefix)) return;
    if (!request.after.empty() && (backward ? key >= request.after : key <= request.after)) return;
    if (page.documents.size() < request.limit) {
      page.documents.push_back(each);
    } else {
      page.at_end = 0;
    }
  };
  if (request.order == list_order::forward) {
    for (const auto& [id, each] : documents_) visit(each);
  } else {
    for (auto each = documents_.rbegin(); each != documents_.rend(); ++each) visit(each->second);
  }
  return page;
}

}  // namespace keelson::test
