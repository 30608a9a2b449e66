#include "actors/validator/store_pair.hpp"

#include <algorithm>
#include <utility>

namespace keelson::validator {

namespace {

bool any_unknown(const std::vector<judgement>& judgements) {
  return std::ranges::find(judgements, comparison::unknown, &judgement::outcome) !=
         judgements.end();
}

}  // namespace

void store_pair::open_secondary(std::shared_ptr<backends::store> store) {
  close_secondary();
  secondary_store_ = std::move(store);
}

void store_pair::close_secondary() {
  secondary_.reset();
  secondary_store_.reset();
}

void store_pair::drop_sessions() {
  primary_.drop();
  secondary_.reset();
}

result<void> store_pair::secondary_session() {
  if (secondary_) return {};
  if (!secondary_store_) return fail(errc::unavailable, "the secondary is not open");
  auto opened = secondary_store_->open_reader();
  if (!opened) return pass_on(std::move(opened));
  secondary_ = *std::move(opened);
  return {};
}

result<void> store_pair::sessions() {
  if (auto opened = primary_.open(); !opened) return opened;
  return secondary_session();
}

compared_documents store_pair::compare(const std::vector<document_id>& ids) {
  compared_documents out;
  if (const auto opened = sessions(); !opened) {
    for (const auto& id : ids) {
      out.judgements.push_back(unknown_judgement(id, opened.error().detail));
    }
    return out;
  }
  out = compare_documents(primary_, *secondary_, ids, limits_);
  if (any_unknown(out.judgements)) drop_sessions();
  return out;
}

compared_documents store_pair::compare_again(const std::vector<judgement>& before) {
  compared_documents out{.judgements = before};
  if (const auto opened = sessions(); !opened) {
    for (auto& judged : out.judgements) {
      judged = unknown_judgement(judged.id, opened.error().detail);
    }
    return out;
  }
  out = validator::compare_again(primary_, *secondary_, before, limits_);
  if (any_unknown(out.judgements)) drop_sessions();
  return out;
}

piece_result store_pair::compare_piece(const piece_request& request) {
  if (auto opened = primary_.open(); !opened) {
    return {.failed = std::move(opened).error()};
  }
  // A secondary that does not open makes the piece unknown, for which the piece itself sees.
  const auto opened = secondary_session();
  auto out =
      validator::compare_piece(primary_, opened ? secondary_.get() : nullptr, request, limits_);
  if (out.failed || !out.unread.empty() || any_unknown(out.others)) drop_sessions();
  return out;
}

}  // namespace keelson::validator
