#include "tests/simulation/subscriber_client.hpp"

#include <utility>

#include <boost/json.hpp>

namespace keelson::test {

namespace {

position position_of(const boost::json::value& text) {
  return position::parse(std::string_view(text.as_string())).value_or(position());
}

}  // namespace

void subscriber_client::expect(bool holds, const std::string& what) {
  found_.expect(holds, "subscriber " + name_ + ": " + what);
}

void subscriber_client::begin_at(const position& from) {
  begin_snapshot();
  in_snapshot_ = false;
  bookmark_ = begun_at_ = from;
}

void subscriber_client::begin_snapshot() {
  if (bookmark_) check_received(false);
  documents_.clear();
  received_.clear();
  half_.clear();
  bookmark_.reset();
  in_snapshot_ = true;
}

void subscriber_client::take_documents(std::span<const document> documents) {
  for (const auto& each : documents) {
    expect(documents_.emplace(each.id.key.text(), each.value).second,
           "the snapshot has " + each.id.key.text() + " twice");
  }
}

void subscriber_client::end_snapshot(const position& at) {
  in_snapshot_ = false;
  bookmark_ = begun_at_ = at;
  received_.clear();
  expect(history_.committed(at), "the snapshot is as of a position that never was, " + at.text());
  expect(documents_ == history_.documents(at, filter_),
         "the snapshot is not the documents as of " + at.text());
}

void subscriber_client::take_changes(std::string_view text) {
  const auto frame = boost::json::parse("{\"changes\":" + std::string(text)).as_object();
  for (const auto& each : frame.at("changes").as_array()) {
    const auto& told = each.as_object();
    change one{.at = position_of(told.at("position")),
               .op = told.at("op").as_string() == "put" ? change_op::put : change_op::remove,
               .key = std::string(told.at("key").as_string())};
    if (const auto* value = told.if_contains("value")) one.value = boost::json::serialize(*value);
    one.ends_commit = told.contains("more") ? 0 : 1;
    take_change(std::move(one));
  }
  if (!in_snapshot_) take_bookmark(position_of(frame.at("position")));
}

void subscriber_client::take_change(change one) {
  expect(history_.committed(one.at), "a change that was not committed, " + one.at.text());
  const auto* const last = !half_.empty()       ? &half_.back()
                           : !received_.empty() ? &received_.back()
                                                : nullptr;
  expect(last == nullptr || last->at.at < one.at.at,
         "change " + one.at.text() + " came again or too late");
  half_.push_back(std::move(one));
  if (half_.back().ends_commit == 0) return;
  for (auto& each : std::exchange(half_, {})) {
    if (each.op == change_op::put) {
      documents_[each.key] = each.value;
    } else {
      documents_.erase(each.key);
    }
    received_.push_back(std::move(each));
  }
}

void subscriber_client::take_bookmark(const position& at) {
  if (in_snapshot_) return;
  expect(bookmark_ && bookmark_->epoch == at.epoch && bookmark_->at <= at.at,
         "a bookmark that goes back, " + at.text());
  expect(received_.empty() || received_.back().at.at <= at.at,
         "a bookmark before what was sent, " + at.text());
  expect(half_.empty() || at.at < half_.front().at.at, "a bookmark inside a commit, " + at.text());
  bookmark_ = at;
}

void subscriber_client::hang_up() {
  half_.clear();
}

void subscriber_client::take_loss(const error& why) {
  const auto end = history_.meta().end().at;
  expect(!bookmark_ || bookmark_->epoch != end.epoch || bookmark_->at > end.at,
         "history_lost of a position that is there");
  expect(position::parse(why.oldest).has_value(), "history_lost without the oldest position");
  hang_up();
  check_received(false);
  bookmark_.reset();
}

void subscriber_client::check_received(bool complete) {
  if (in_snapshot_ || begun_at_.epoch.empty()) return;
  const auto expected = history_.records_after(begun_at_, filter_);
  for (std::size_t i = 0; i < received_.size(); ++i) {
    const auto& got = received_[i];
    if (i < expected.size() && got.at.epoch == begun_at_.epoch && got.at.at == expected[i].at &&
        got.op == expected[i].op && got.key == expected[i].id.key.text() &&
        got.value == expected[i].value && got.ends_commit == expected[i].ends_commit) {
      continue;
    }
    return expect(false, "got " + got.at.text() + " where " +
                             (i < expected.size() ? std::to_string(expected[i].at.value)
                                                  : std::string("nothing")) +
                             " was to come");
  }
  if (complete) expect(received_.size() == expected.size(), "changes are missing at the end");
}

void subscriber_client::check_complete() {
  check_received(true);
  const auto end = history_.meta().end().at;
  expect(bookmark_ == end, "does not know the end, " + end.text());
  expect(documents_ == history_.documents(end, filter_), "its documents are not the primary's");
}

}  // namespace keelson::test
