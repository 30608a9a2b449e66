#include "protocols/http/handlers.hpp"
#include "protocols/http/request_options.hpp"
#include "protocols/wire/documents.hpp"

namespace keelson::http {

namespace {

/// Deleted in one commit: enough to be quick, few enough for others to write in between.
constexpr std::uint32_t slice = 500;

/// The next documents of the range, without values.
result<messages::list_request> plan_delete(const exchange& with) {
  auto collection = collection_of(with);
  if (!collection) return pass_on(std::move(collection));
  if (with.head().idempotency_key.data() != nullptr) {
    return fail(errc::invalid_parameter,
                "a deletion in slices takes no Idempotency-Key: sent again, it goes on");
  }
  const auto all = flag_of(with, "all", flag::off);
  if (!all) return std::unexpected(all.error());
  const std::string* const prefix = with.query().find("prefix");
  const bool some = prefix != nullptr && !prefix->empty();
  if (some == (*all == flag::on)) {
    return fail(errc::invalid_parameter,
                "say what is to be deleted: a prefix that is not empty, or all=true");
  }
  return messages::list_request{.context = with.context(),
                                .collection = *std::move(collection),
                                .prefix = some ? *prefix : std::string(),
                                .limit = slice,
                                .values = messages::list_values::without};
}

messages::write_request removal_of(const exchange& with, const messages::list_page& page) {
  messages::write_request request{.context = with.context(), .lane = messages::write_lane::bulk};
  for (const document& each : page.documents) {
    request.operations.push_back(
        {.op = messages::write_op::remove, .id = each.id, .if_unmet = messages::unmet::skip});
  }
  return request;
}

/// Other codes would promise that nothing was done.
error half_way(error why, std::uint64_t deleted) {
  if (deleted == 0) return why;
  return {.code = errc::outcome_unknown,
          .detail = std::to_string(deleted) + " documents were deleted, then: " + why.detail +
                    "; the same request sent again goes on"};
}

}  // namespace

task<result<response>> delete_documents(exchange& with) {
  auto range = plan_delete(with);
  if (!range) co_return pass_on(std::move(range));
  std::uint64_t deleted = 0;
  position at;
  for (bool more = true; more;) {
    auto listing = with.gate().ask_list(bridge::store_slot::primary, *range);
    const result<messages::list_page> page = co_await std::move(listing);
    if (!page) co_return std::unexpected(half_way(page.error(), deleted));
    if (deleted == 0) at = page->at;
    if (with.going_away()) {
      co_return std::unexpected(
          half_way({.code = errc::unavailable, .detail = "the service is stopping"}, deleted));
    }
    if (page->documents.empty()) break;
    range->after = page->documents.back().id.key.text();
    more = page->at_end == 0;
    auto removing = with.gate().ask_write(removal_of(with, *page));
    const result<messages::write_receipt> receipt = co_await std::move(removing);
    if (!receipt) co_return std::unexpected(half_way(receipt.error(), deleted));
    for (const auto& outcome : receipt->outcomes) {
      deleted += outcome.effect == messages::write_effect::removed ? 1 : 0;
    }
    at = receipt->at;
  }
  co_return response::json(200, wire::deleted_text(deleted, at));
}

}  // namespace keelson::http
