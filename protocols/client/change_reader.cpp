#include "protocols/client/change_reader.hpp"

#include <algorithm>
#include <array>

#include "protocols/client/json_slice.hpp"
#include "protocols/model/canonical_json.hpp"

namespace keelson::client {

namespace {

void append_member(std::string& frame, std::string_view name, std::string_view value) {
  frame += ",\"";
  frame += name;
  frame += "\":";
  append_json_string(frame, value);
}

/// Ends after which the same subscription can be asked for again.
bool is_passing(std::string_view code) {
  static constexpr std::array<std::string_view, 5> passing{
      "going_away", "slow_consumer", "overloaded", "unavailable", "too_many_requests"};
  return std::ranges::find(passing, code) != passing.end();
}

}  // namespace

change_reader::change_reader(subscription wanted, std::optional<std::uint64_t> count)
    : wanted_(std::move(wanted)), left_(count), in_snapshot_(wanted_.snapshot) {}

std::string change_reader::subscribe_frame() {
  held_.clear();
  std::string frame = R"({"type":"subscribe","id":"watch")";
  if (!wanted_.collections.empty()) {
    frame += R"(,"collection":)";
    char before = '[';
    for (const auto& collection : wanted_.collections) {
      frame += before;
      append_json_string(frame, collection);
      before = ',';
    }
    frame += ']';
  }
  if (!wanted_.prefix.empty()) append_member(frame, "prefix", wanted_.prefix);
  if (in_snapshot_) {
    frame += R"(,"snapshot":true)";
  } else {
    const auto& since = position_.empty() ? wanted_.since : position_;
    append_member(frame, "since", since.empty() ? "now" : since);
  }
  return frame + '}';
}

change_reader::step change_reader::on_frame(std::string_view frame,
                                            std::vector<watch_event>& events) {
  const auto type = json_string_member(frame, "type");
  if (type == "changes") return on_changes(frame, events);
  if (type == "closed" || type == "error") return on_end(frame);
  if (type == "subscribed") {
    was_subscribed_ = true;
    if (in_snapshot_) events.push_back({watch_event::kind::snapshot_begin, {}});
    move_to(json_string_member(frame, "position"));
  } else if (type == "position") {
    move_to(json_string_member(frame, "position"));
  } else if (type == "documents") {
    for (const auto document : json_elements_of(frame, "documents"))
      events.push_back({watch_event::kind::document, std::string(document)});
  } else if (type == "live") {
    in_snapshot_ = false;
    move_to(json_string_member(frame, "position"));
    events.push_back({watch_event::kind::live, position_});
  }
  return step::go_on;
}

change_reader::step change_reader::on_changes(std::string_view frame,
                                              std::vector<watch_event>& events) {
  for (const auto change : json_elements_of(frame, "changes")) {
    held_.emplace_back(change);
    if (json_member(change, "more") == "true") continue;
    for (auto& ready : held_) {
      move_to(json_string_member(ready, "position"));
      events.push_back({watch_event::kind::change, std::move(ready)});
      if (left_ && --*left_ == 0) return step::finished;
    }
    held_.clear();
  }
  // The end of a commit at or behind the last one given out, also when another one is held back.
  move_to(json_string_member(frame, "position"));
  return step::go_on;
}

change_reader::step change_reader::on_end(std::string_view frame) {
  reason_ = json_string_member(frame, "code");
  const auto code = reason_;
  if (const auto detail = json_string_member(frame, "detail"); !detail.empty())
    reason_ += ": " + detail;
  if (const auto oldest = json_string_member(frame, "oldest"); !oldest.empty())
    reason_ += ": the oldest position that can be resumed from is " + oldest;
  const bool snapshot_overtaken = in_snapshot_ && code == "history_lost";
  return is_passing(code) || snapshot_overtaken ? step::reconnect : step::refused;
}

void change_reader::move_to(std::string position) {
  if (!in_snapshot_ && !position.empty()) position_ = std::move(position);
}

}  // namespace keelson::client
