#include "protocols/http/changes_request.hpp"

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "protocols/http/changes_routes.hpp"
#include "protocols/http/request_options.hpp"
#include "protocols/wire/duration.hpp"
#include "protocols/wire/feed_request.hpp"

namespace keelson::http {
namespace {

constexpr std::size_t most_in_page = 1000;
constexpr std::chrono::milliseconds longest_wait = std::chrono::seconds(60);

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return (x | 0x20) == (y | 0x20); });
}

result<messages::since> since_of(const exchange& with, feed::change_form form) {
  const auto last = with.head().last_event_id;
  if (form == feed::change_form::events && !last.empty()) return wire::parse_since(last);
  const auto* since = with.query().find("since");
  return since == nullptr ? messages::since{} : wire::parse_since(*since);
}

/// What the route knows and this transport cannot do is not passed over in silence.
result<void> check_unused(const exchange& with, std::initializer_list<std::string_view> names,
                          std::string_view transport) {
  for (const auto name : names) {
    if (with.query().find(name) == nullptr) continue;
    return fail(errc::invalid_parameter,
                std::string(name) + " means nothing " + std::string(transport));
  }
  return {};
}

}  // namespace

result<changes_request> changes_request_of(const exchange& with, feed::change_form form) {
  changes_request wanted;
  const auto* prefix = with.query().find("prefix");
  auto filter = wire::make_filter(with.query().all("collection"),
                                  prefix == nullptr ? std::string() : *prefix);
  if (!filter) return pass_on(std::move(filter));
  const auto values = flag_of(with, "values", flag::on);
  if (!values) return std::unexpected(values.error());
  wanted.interest = std::make_shared<feed::feed_interest>(feed::feed_interest{
      .filter = *std::move(filter),
      .values = *values == flag::on ? wire::change_values::with : wire::change_values::without,
      .form = form});
  auto since = since_of(with, form);
  if (!since) return pass_on(std::move(since));
  wanted.since = *std::move(since);
  wanted.limit = most_in_page;
  if (const auto* limit = with.query().find("limit")) {
    const auto count = wire::parse_count("limit", *limit, 1, most_in_page);
    if (!count) return std::unexpected(count.error());
    wanted.limit = *count;
  }
  if (const auto* wait = with.query().find("wait")) {
    const auto time = wire::parse_duration("wait", *wait, longest_wait);
    if (!time) return std::unexpected(time.error());
    wanted.wait = *time;
  }
  return wanted;
}

namespace {

task<result<response>> refuse(error why) {
  co_return std::unexpected(std::move(why));
}

}  // namespace

task<result<response>> get_changes(exchange& with) {
  const auto& head = with.head();
  if (equal_ignoring_case(head.upgrade, "websocket")) {
    const auto checked =
        check_unused(with, {"collection", "prefix", "since", "values", "limit", "wait"},
                     "on a WebSocket: it goes into a subscribe frame");
    return checked ? serve_changes_socket(with) : refuse(checked.error());
  }
  if (head.accept.find(event_stream_type) != std::string_view::npos) {
    const auto checked = check_unused(with, {"limit", "wait"}, "for a stream of events");
    return checked ? send_changes_events(with) : refuse(checked.error());
  }
  return send_changes_page(with);
}

}  // namespace keelson::http
