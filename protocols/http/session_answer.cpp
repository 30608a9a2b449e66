#include <charconv>

#include <spdlog/spdlog.h>

#include "protocols/http/session.hpp"
#include "protocols/model/log_text.hpp"
#include "protocols/wire/json_text.hpp"
#include "protocols/wire/status_code.hpp"

namespace keelson::http {

namespace {

/// Bodies from here on are not copied behind their head, but written by themselves.
constexpr std::size_t large_body = std::size_t{32} << 10;

/// Answers of pipelined requests are held together up to here.
constexpr std::size_t most_output = std::size_t{64} << 10;

constexpr std::string_view exposed_headers =
    "Access-Control-Expose-Headers: ETag, Location, Retry-After, X-Request-Id, Keelson-Position, "
    "Keelson-Consistency, Keelson-Store\r\n";

void append_line(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(value).append("\r\n");
}

}  // namespace

task<> session::serve_request() {
  result<response> made = co_await respond();
  if (made && made->what == response::kind::upgraded) {
    keep_alive_ = false;
    broken_ = true;
    end_request(101);
    co_return;
  }
  if (made && made->what == response::kind::streamed) {
    co_await end_stream();
  } else {
    response full = made ? *std::move(made) : problem(made.error());
    co_await answer(std::move(full));
  }
  end_request(status_);
}

task<result<response>> session::respond() {
  auto checked = check_head();
  if (!checked) co_return pass_on(std::move(checked));
  if (auto unmet = unmet_expectation()) co_return *std::move(unmet);
  if (auto allowed = preflight()) co_return *std::move(allowed);
  auto found = find_route();
  if (!found) co_return pass_on(std::move(found));
  auto admitted = check_token();
  if (!admitted) co_return pass_on(std::move(admitted));
  exchange with(*this);
  try {
    auto handled = route_->handler(with);
    co_return co_await std::move(handled);
  } catch (const std::exception& thrown) {
    spdlog::error("component=http event=failed request_id={} route={} error={}", request_id_,
                  route_->path, log_quoted(thrown.what()));
  }
  keep_alive_ = false;
  co_return fail(errc::internal, "the service has failed to answer; its log says why");
}

task<> session::answer(response with) {
  if (stream_open_) {  // a stream that failed midway: cut it, so that its end is seen to lack
    keep_alive_ = false;
    broken_ = true;
    co_return;
  }
  co_await settle_body();
  if (loop_.draining()) keep_alive_ = false;
  const bool bodiless = head_.method == method::head || with.status == 204 || with.status == 304;
  add_head(with, with.body.size());
  if (!bodiless && with.body.size() < large_body) output_.append(with.body);
  if (bodiless || with.body.size() < large_body) {
    if (output_.size() > most_output) co_await flush();
  } else if (co_await flush()) {
    co_await write_all(with.body);
  }
}

void session::add_head(const response& of, std::size_t body_size) {
  status_ = of.status;
  output_.append("HTTP/1.1 ");
  wire::append_number(output_, of.status);
  output_.push_back(' ');
  append_line(output_, {}, wire::reason_phrase(of.status));
  if (!of.content_type.empty()) append_line(output_, "Content-Type: ", of.content_type);
  if (stream_open_) {
    if (head_.http_1_1) output_.append("Transfer-Encoding: chunked\r\n");
  } else if (of.status != 204 && of.status != 304) {
    output_.append("Content-Length: ");
    wire::append_number(output_, body_size);
    output_.append("\r\n");
  }
  output_.append(of.headers).append(loop_.date_line());
  append_line(output_, "X-Request-Id: ", request_id_);
  if (!keep_alive_) {
    output_.append("Connection: close\r\n");
  } else if (!head_.http_1_1) {
    output_.append("Connection: keep-alive\r\n");
  }
  if (!head_.origin.empty()) {
    append_line(output_, "Access-Control-Allow-Origin: ", head_.origin);
    output_.append("Vary: Origin\r\n").append(exposed_headers);
  }
  output_.append("\r\n");
}

response session::problem(const error& why) const {
  response out = problem_response(why);
  if (const auto& metrics = loop_.info().metrics; metrics && why.code == errc::overloaded)
    metrics->refused.at("requests").add();
  if (why.code == errc::unauthenticated) out.add_header("WWW-Authenticate", "Bearer");
  if (why.code == errc::method_not_allowed) out.add_header("Allow", allowed_methods_);
  return out;
}

task<bool> session::open_stream(response head) {
  stream_open_ = true;
  opened_ = std::chrono::steady_clock::now();
  if (!head_.http_1_1) keep_alive_ = false;
  if (loop_.draining()) keep_alive_ = false;
  co_await settle_body();
  add_head(head, 0);
  co_return co_await flush();
}

task<bool> session::send(std::string_view piece) {
  if (broken_ || head_.method == method::head) co_return false;
  if (piece.empty()) co_return true;
  if (!head_.http_1_1) {
    output_.append(piece);
    co_return co_await flush();
  }
  char digits[16];
  const auto end = std::to_chars(digits, digits + sizeof digits, piece.size(), 16).ptr;
  output_.append(digits, end).append("\r\n").append(piece).append("\r\n");
  co_return co_await flush();
}

task<> session::end_stream() {
  if (stream_open_ && head_.http_1_1 && head_.method != method::head && !broken_)
    output_.append("0\r\n\r\n");
  co_return;
}

void session::end_request(unsigned status) {
  wake_ = nullptr;
  const auto ended = opened_ ? *opened_ : std::chrono::steady_clock::now();
  const std::chrono::duration<double> took = ended - began_;
  if (options_.slow_request > 0ms && took > options_.slow_request) {
    log_request(pace::slow, status, took.count());
  } else if (spdlog::should_log(spdlog::level::debug)) {
    log_request(pace::usual, status, took.count());
  }
  if (const auto& metrics = loop_.info().metrics) {
    const std::size_t index =
        route_ == nullptr ? routes().size() : static_cast<std::size_t>(route_ - routes().data());
    metrics->answered(index, status, took.count());
  }
  if (broken_) return;
  input_.take(used_);
  if (!body_input_.empty()) input_.append(body_input_.view());
  body_input_.release();
}

/// The route instead of the path and the query: those may hold keys and tokens.
void session::log_request(pace of, unsigned status, double seconds) const {
  spdlog::log(of == pace::slow ? spdlog::level::warn : spdlog::level::debug,
              "component=http event={} request_id={} method={} route={} status={} seconds={:.6f} "
              "principal={} trace={}",
              of == pace::slow ? "slow_request" : "request", request_id_, to_string(head_.method),
              route_ == nullptr ? "none" : route_->path, status, seconds, principal_,
              is_plain_id(head_.traceparent) ? head_.traceparent : "");
}

upgraded_connection session::upgrade() {
  deadline = no_deadline;
  opened_ = std::chrono::steady_clock::now();
  return {std::move(stream_), std::string(input_.view())};
}

}  // namespace keelson::http
