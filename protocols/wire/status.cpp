#include "protocols/wire/status.hpp"

#include <algorithm>

#include "protocols/model/clock.hpp"
#include "protocols/wire/json_text.hpp"
#include "protocols/wire/verify.hpp"

namespace keelson::wire {

namespace {

using messages::component_state;

std::string time_text(timestamp time) {
  std::string text;
  append_rfc3339(text, time);
  return text;
}

void add_silence(json_object& out, const error& why) {
  out.text("state", "unavailable");
  out.text("reason", why.detail);
}

std::string primary_text(const result<messages::primary_status>& primary) {
  json_object out;
  if (!primary) {
    add_silence(out, primary.error());
    return std::move(out).finish();
  }
  out.text("url", primary->url);
  out.text("state", to_string(primary->state));
  if (!primary->reason.empty()) out.text("reason", primary->reason);
  out.array("capabilities", primary->capabilities,
            [](std::string& to, const std::string& each) { append_json_string(to, each); });
  out.number("documents", primary->documents);
  out.number("bytes", primary->bytes);
  return std::move(out).finish();
}

std::string validator_text(const result<messages::validator_status>& validator) {
  json_object out;
  if (!validator) {
    add_silence(out, validator.error());
    return std::move(out).finish();
  }
  out.number("checks", validator->checks);
  out.number("checks_let_go", validator->checks_let_go);
  out.number("unknown", validator->unknown);
  out.number("queued", validator->queued);
  if (!validator->running_pass.empty()) {
    out.text("running_pass", validator->running_pass);
    out.decimal("progress", validator->progress);
  }
  if (!validator->last_full_pass.empty()) {
    json_object pass;
    pass.text("id", validator->last_full_pass);
    pass.text("state", validator->last_full_state);
    pass.text("at", time_text(validator->last_full_at));
    out.raw("last_full_pass", std::move(pass).finish());
  }
  out.number("open_differences_total", validator->open_total);
  out.array("open_differences", validator->open, append_difference);
  return std::move(out).finish();
}

std::string subscribers_text(const result<messages::feed_status>& feed) {
  json_object out;
  if (!feed) {
    add_silence(out, feed.error());
  } else {
    out.number("live", feed->live);
    out.number("catching_up", feed->catching_up);
    out.number("ring_changes", feed->ring_changes);
    out.number("ring_bytes", feed->ring_bytes);
  }
  return std::move(out).finish();
}

std::string queues_text(const service_status& status) {
  json_object out;
  if (status.primary) {
    out.number("writer_commits", status.primary->queued_commits);
    out.number("writer_bytes", status.primary->queued_bytes);
  }
  out.number("requests_in_flight", status.queues.requests_in_flight);
  out.number("requests_refused", status.queues.requests_refused);
  out.number("connections", status.queues.connections);
  return std::move(out).finish();
}

std::string replaced_text(const messages::history_replaced& replaced) {
  json_object out;
  out.text("known", replaced.known.at.text());
  out.text("found", replaced.found.at.text());
  out.text("seen_by", replaced.seen_by);
  out.text("at", time_text(replaced.at));
  return std::move(out).finish();
}

bool is_healthy(component_state state) {
  return state == component_state::serving || state == component_state::live ||
         state == component_state::catching_up;
}

void append_component(std::string& to, std::string_view name, std::string_view state,
                      std::string_view reason) {
  json_object out;
  out.text("name", name);
  out.text("state", state);
  out.text("reason", reason);
  to.append(std::move(out).finish());
}

template <class Status>
void append_component(std::string& to, std::string_view name, const result<Status>& answer) {
  if (answer) {
    append_component(to, name, to_string(answer->state), answer->reason);
  } else {
    append_component(to, name, "unavailable", answer.error().detail);
  }
}

}  // namespace

void append_secondary(std::string& to, const asked<messages::secondary_status>& secondary) {
  json_object out;
  out.text("name", secondary.name);
  if (!secondary.answer) {
    add_silence(out, secondary.answer.error());
  } else {
    const messages::secondary_status& is = *secondary.answer;
    out.text("url", is.url);
    out.text("state", to_string(is.state));
    if (!is.reason.empty()) out.text("reason", is.reason);
    out.position("applied_position", is.applied);
    out.number("lag_changes", is.lag_changes);
    out.decimal("lag_seconds", is.lag_seconds);
    if (is.last_error.empty()) {
      out.raw("last_error", "null");
    } else {
      out.text("last_error", is.last_error);
    }
    out.number("documents", is.documents);
    out.number("bytes", is.bytes);
  }
  to.append(std::move(out).finish());
}

std::string status_text(const service_status& status) {
  json_object out;
  out.text("version", status.version);
  out.number("uptime_seconds", status.uptime_seconds);
  const auto& primary = status.primary;
  out.text("log_id", primary ? primary->log_id : std::string());
  out.position("position", primary ? primary->at : keelson::position());
  out.position("oldest", primary ? primary->oldest : keelson::position());
  out.raw("primary", primary_text(primary));
  out.array("secondaries", status.secondaries, append_secondary);
  out.raw("validator", validator_text(status.validator));
  out.raw("subscribers", subscribers_text(status.feed));
  out.raw("queues", queues_text(status));
  if (primary && !primary->replaced.empty())
    out.raw("history_replaced", replaced_text(primary->replaced.back()));
  return std::move(out).finish();
}

bool is_ready(const service_status& status) {
  return status.primary && status.primary->state == component_state::serving;
}

std::string readyz_text(const service_status& status) {
  const auto healthy = [](const auto& each) {
    return each.answer && is_healthy(each.answer->state);
  };
  const bool whole = std::ranges::all_of(status.secondaries, healthy) &&
                     status.validator.has_value() && status.feed.has_value();
  json_object out;
  out.text("state", !is_ready(status) ? "unavailable" : whole ? "ready" : "degraded");
  std::string& text = out.begin("components");
  text.push_back('[');
  append_component(text, "primary", status.primary);
  for (const auto& each : status.secondaries) {
    text.push_back(',');
    append_component(text, each.name, each.answer);
  }
  const auto working = [&](std::string_view name, const auto& answer) {
    text.push_back(',');
    append_component(text, name, answer ? "serving" : "unavailable",
                     answer ? std::string() : answer.error().detail);
  };
  working("validator", status.validator);
  working("feed", status.feed);
  text.push_back(']');
  return std::move(out).finish();
}

}  // namespace keelson::wire
