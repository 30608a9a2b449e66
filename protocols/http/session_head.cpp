#include <algorithm>

#include <boost/beast/core/string.hpp>

#include "protocols/http/session.hpp"
#include "protocols/wire/duration.hpp"
#include "protocols/wire/media_type.hpp"
#include "protocols/wire/problem.hpp"

namespace keelson::http {

namespace {

constexpr std::string_view line_end = "\r\n";
constexpr std::string_view head_end = "\r\n\r\n";
constexpr std::size_t body_kept = std::size_t{64} << 10;

/// The code for a segment that is not properly encoded.
errc code_for(std::size_t index) noexcept {
  return index == 0 ? errc::invalid_collection : errc::invalid_key;
}

/// RFC 9110, 10.1.1: of HTTP/1.1 only.
bool expects_continue(const request_head& head) noexcept {
  return head.http_1_1 && boost::beast::iequals(head.expect, "100-continue");
}

}  // namespace

task<bool> session::read_head() {
  const connection_limits& limits = options_.connection;
  std::size_t searched = 0;
  std::int64_t until = io_loop::now() + limits.keep_alive.count();
  while (true) {
    while (input_.view().starts_with(line_end)) input_.take(line_end.size());
    const std::string_view text = input_.view();
    const std::size_t end = text.find(head_end, searched);
    if (end != text.npos && end + head_end.size() <= limits.head_bytes)
      co_return take_head(end + head_end.size());
    if (text.size() >= limits.head_bytes) {
      refuse_head({.code = errc::head_too_large,
                   .detail = "a request's head has at most " + std::to_string(limits.head_bytes) +
                             " bytes"});
      co_return false;
    }
    searched = text.size() - std::min(text.size(), head_end.size() - 1);
    const bool was_idle = std::exchange(idle_, text.empty());
    if (was_idle && !idle_) until = io_loop::now() + limits.head_time.count();
    if (!co_await flush() || (idle_ && loop_.draining())) co_return false;
    if (co_await fill(input_, limits.head_bytes, until)) continue;
    if (expired_ && !idle_) {
      refuse_head({.code = errc::unavailable,
                   .detail = "the request's head did not come in time; nothing was done"});
    }
    co_return false;
  }
}

bool session::take_head(std::size_t size) {
  idle_ = false;
  begin_request();
  used_ = size;
  parser_.emplace();
  if (auto parsed = parser_->parse_head(input_.view().substr(0, size), head_); !parsed) {
    refuse_head(parsed.error());
    return false;
  }
  keep_alive_ = parser_->keeps_alive();
  continue_wanted_ = head_.has_body && expects_continue(head_);
  if (is_plain_id(head_.request_id)) {
    request_id_ = head_.request_id;
  } else {
    request_id_ = loop_.make_request_id();
  }
  return true;
}

void session::refuse_head(const error& why) {
  head_ = {};
  request_id_ = loop_.make_request_id();
  keep_alive_ = false;
  linger_ = true;
  const response refusal = problem(why);
  add_head(refusal, refusal.body.size());
  output_.append(refusal.body);
}

void session::begin_request() {
  if (body_.capacity() > body_kept) body_ = {};
  body_.clear();
  route_ = nullptr;
  query_ = {};
  principal_.clear();
  allowed_methods_.clear();
  timeout_milliseconds_ = options_.default_timeout.count();
  stream_open_ = false;
  access_ended_ = false;
  opened_.reset();
  if (loop_.info().metrics) began_ = std::chrono::steady_clock::now();
}

result<void> session::check_head() {
  if (head_.host != known_host_ || known_host_.empty()) {
    boost::system::error_code ignored;
    const auto local = stream_.socket().local_endpoint(ignored).address().to_string();
    if (auto checked = loop_.info().access.check_host(head_.host, local); !checked) return checked;
    known_host_ = head_.host;
  }
  if (auto checked = loop_.info().access.check_origin(head_.origin, head_.host); !checked) {
    head_.origin = {};
    return checked;
  }
  if (!head_.content_encoding.empty() && head_.content_encoding != "identity")
    return fail(errc::unsupported_media_type, "request bodies are taken without Content-Encoding");
  return {};
}

result<void> session::find_route() {
  route_match matched = match_route(head_.method, head_.path);
  if (matched.found == nullptr) {
    if (matched.allowed.empty()) return fail(errc::not_found, "there is no such path");
    allowed_methods_ = std::move(matched.allowed);
    return fail(errc::method_not_allowed, "this path takes " + allowed_methods_);
  }
  route_ = matched.found;
  for (std::size_t i = 0; i < matched.segment_count; ++i) {
    const std::string_view segment = matched.segments[i];
    if (segment.find('%') == segment.npos) {
      path_parameters_[i] = segment;
      continue;
    }
    auto decoded = wire::percent_decode(segment);
    if (!decoded) return fail(code_for(i), "% in a path is followed by two hexadecimal digits");
    path_parameters_[i] = *std::move(decoded);
  }
  if (head_.query.empty()) return {};
  auto parsed = wire::query::parse(head_.query);
  if (!parsed) return pass_on(std::move(parsed));
  query_ = *std::move(parsed);
  if (auto checked = check_parameters(*route_, query_); !checked) return checked;
  if (const std::string* const text = query_.find("timeout")) {
    const auto timeout = wire::parse_duration("timeout", *text, options_.longest_timeout);
    if (!timeout) return std::unexpected(timeout.error());
    if (timeout->count() == 0)
      return fail(errc::invalid_parameter, "timeout=0 leaves no time to do anything in");
    timeout_milliseconds_ = timeout->count();
  }
  return {};
}

result<void> session::check_token() {
  std::string_view shown = bearer_text(head_.authorization);
  // Browsers cannot send a header with these two (api.md).
  if (const std::string* const in_query = query_.find("access_token")) {
    const bool is_stream =
        !head_.upgrade.empty() || wire::accepts_explicitly(head_.accept, event_stream_type);
    if (!is_stream) {
      return fail(errc::invalid_parameter,
                  "access_token goes with WebSocket and server-sent events; send the header "
                  "Authorization here");
    }
    shown = *in_query;
  }
  const auto caller = loop_.tokens().admit(shown, route_->scope);
  if (!caller) return std::unexpected(caller.error());
  principal_ = *caller;
  return {};
}

std::optional<response> session::preflight() const {
  if (head_.method != method::options || head_.cors_method.empty() || head_.origin.empty())
    return std::nullopt;
  response allowed{.status = 204};
  allowed.add_header("Access-Control-Allow-Methods", "GET, HEAD, PUT, POST, PATCH, DELETE");
  allowed.add_header("Access-Control-Allow-Headers",
                     "Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key, "
                     "Last-Event-ID, X-Request-Id");
  allowed.add_header("Access-Control-Max-Age", "600");
  return allowed;
}

std::optional<response> session::unmet_expectation() {
  if (head_.expect.empty() || !head_.http_1_1 || expects_continue(head_)) return std::nullopt;
  // The client may wait for a word before it sends its body, or not.
  keep_alive_ = keep_alive_ && !head_.has_body;
  return problem_response(
      {.code = errc::invalid_parameter, .detail = "no other expectation than 100-continue is met"});
}

}  // namespace keelson::http
