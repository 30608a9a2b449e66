#include "protocols/wire/feed_request.hpp"

#include <algorithm>
#include <utility>

#include <boost/json.hpp>

#include "protocols/model/canonical_json.hpp"

namespace keelson::wire {
namespace {

namespace json = boost::json;
using problem = std::unexpected<frame_problem>;

std::string id_of(const json::object& frame) {
  const auto* id = frame.if_contains("id");
  return id != nullptr && id->is_string() ? std::string(id->get_string()) : std::string();
}

problem refuse(const json::object& frame, error why) {
  return problem(frame_problem{id_of(frame), std::move(why)});
}

problem refuse(const json::object& frame, std::string detail) {
  return refuse(frame, error{errc::invalid_parameter, std::move(detail)});
}

/// The one member of `known` that the frame has beyond them; empty: none.
std::string unknown_member(const json::object& frame,
                           std::initializer_list<std::string_view> known) {
  for (const auto& member : frame) {
    if (std::ranges::find(known, std::string_view(member.key())) == known.end()) {
      return member.key();
    }
  }
  return {};
}

result<std::string> text_member(const json::object& frame, std::string_view name,
                                std::string_view otherwise) {
  const auto* member = frame.if_contains(name);
  if (member == nullptr) return std::string(otherwise);
  if (!member->is_string()) {
    return fail(errc::invalid_parameter, std::string(name) + " must be a string");
  }
  return std::string(member->get_string());
}

result<bool> flag_member(const json::object& frame, std::string_view name, bool otherwise) {
  const auto* member = frame.if_contains(name);
  if (member == nullptr) return otherwise;
  if (!member->is_bool()) {
    return fail(errc::invalid_parameter, std::string(name) + " must be true or false");
  }
  return member->get_bool();
}

result<std::vector<std::string>> collections_member(const json::object& frame) {
  std::vector<std::string> names;
  const auto* member = frame.if_contains("collection");
  if (member == nullptr) return names;
  if (member->is_string()) {
    names.emplace_back(member->get_string());
    return names;
  }
  const auto* list = member->if_array();
  if (list == nullptr || list->empty() ||
      !std::ranges::all_of(*list, [](const auto& name) { return name.is_string(); })) {
    return fail(errc::invalid_parameter, "collection must be a string or a list of strings");
  }
  for (const auto& name : *list) names.emplace_back(name.get_string());
  return names;
}

result<std::string> id_member(const json::object& frame) {
  auto id = text_member(frame, "id", "");
  if (!id) return id;
  if (id->empty() || id->size() > max_subscription_id_bytes) {
    return fail(errc::invalid_parameter,
                "id must have 1 to " + std::to_string(max_subscription_id_bytes) + " bytes");
  }
  return id;
}

result<subscribe_request> subscribe_of(const json::object& frame) {
  subscribe_request wanted;
  auto id = id_member(frame);
  if (!id) return pass_on(std::move(id));
  wanted.id = *std::move(id);
  auto collections = collections_member(frame);
  if (!collections) return pass_on(std::move(collections));
  auto prefix = text_member(frame, "prefix", "");
  if (!prefix) return pass_on(std::move(prefix));
  auto filter = make_filter(*std::move(collections), *std::move(prefix));
  if (!filter) return pass_on(std::move(filter));
  wanted.filter = *std::move(filter);
  auto since = text_member(frame, "since", "now");
  if (!since) return pass_on(std::move(since));
  auto from = parse_since(*since);
  if (!from) return pass_on(std::move(from));
  wanted.since = *std::move(from);
  const auto values = flag_member(frame, "values", true);
  if (!values) return std::unexpected(values.error());
  wanted.values = *values ? change_values::with : change_values::without;
  const auto snapshot = flag_member(frame, "snapshot", false);
  if (!snapshot) return std::unexpected(snapshot.error());
  if (*snapshot && frame.contains("since") && *since != "now") {
    return fail(errc::invalid_parameter, "a snapshot begins now: give no since");
  }
  wanted.snapshot = *snapshot ? snapshot_wish::wanted : snapshot_wish::none;
  return wanted;
}

}  // namespace

result<messages::since> parse_since(std::string_view text) {
  using messages::since_kind;
  if (text == "now") return messages::since{};
  if (text == "start") return messages::since{.what = since_kind::start};
  auto at = position::parse(text);
  if (!at) return pass_on(std::move(at));
  return messages::since{since_kind::at, *std::move(at)};
}

result<change_filter> make_filter(std::vector<std::string> collections, std::string prefix) {
  for (const auto& name : collections) {
    if (auto parsed = collection_name::parse(name); !parsed) return pass_on(std::move(parsed));
  }
  std::ranges::sort(collections);
  collections.erase(std::unique(collections.begin(), collections.end()), collections.end());
  if (collections.size() > max_filter_collections) {
    return fail(errc::invalid_parameter,
                "at most " + std::to_string(max_filter_collections) + " collections");
  }
  return change_filter{std::move(collections), std::move(prefix)};
}

std::expected<client_frame, frame_problem> parse_client_frame(std::string_view text) {
  constexpr std::size_t frame_depth = 8;
  // The canonical form is free of what Boost.JSON would let pass, duplicate names above all.
  auto canonical = canonicalise(text, frame_depth);
  if (!canonical) return problem(frame_problem{{}, std::move(canonical).error()});
  boost::system::error_code failed;
  const auto value = json::parse(*canonical, failed);
  if (failed || !value.is_object()) {
    return problem(frame_problem{{}, {errc::invalid_json, "a frame must be a JSON object"}});
  }
  const auto& frame = value.get_object();
  const auto type = text_member(frame, "type", "");
  if (!type) return refuse(frame, type.error());
  if (*type == "ping") {
    if (const auto name = unknown_member(frame, {"type"}); !name.empty()) {
      return refuse(frame, "unknown member " + name);
    }
    return ping_request{};
  }
  if (*type == "unsubscribe") {
    if (const auto name = unknown_member(frame, {"type", "id"}); !name.empty()) {
      return refuse(frame, "unknown member " + name);
    }
    auto id = id_member(frame);
    if (!id) return refuse(frame, std::move(id).error());
    return unsubscribe_request{*std::move(id)};
  }
  if (*type != "subscribe") return refuse(frame, "type must be subscribe, unsubscribe or ping");
  const auto name =
      unknown_member(frame, {"type", "id", "collection", "prefix", "since", "snapshot", "values"});
  if (!name.empty()) return refuse(frame, "unknown member " + name);
  auto wanted = subscribe_of(frame);
  if (!wanted) return refuse(frame, std::move(wanted).error());
  return *std::move(wanted);
}

}  // namespace keelson::wire
