#include "protocols/http/request_parser.hpp"

#include <algorithm>
#include <limits>

#include <boost/beast/http/error.hpp>

namespace keelson::http {

namespace {

namespace beast_http = boost::beast::http;

method method_of(beast_http::verb verb) noexcept {
  switch (verb) {
    case beast_http::verb::get:
      return method::get;
    case beast_http::verb::head:
      return method::head;
    case beast_http::verb::put:
      return method::put;
    case beast_http::verb::post:
      return method::post;
    case beast_http::verb::patch:
      return method::patch;
    case beast_http::verb::delete_:
      return method::remove;
    case beast_http::verb::options:
      return method::options;
    default:
      return method::other;
  }
}

/// Where a header goes that is of use here.
std::string_view request_head::*place_of(beast_http::field name) noexcept {
  switch (name) {
    case beast_http::field::host:
      return &request_head::host;
    case beast_http::field::origin:
      return &request_head::origin;
    case beast_http::field::content_type:
      return &request_head::content_type;
    case beast_http::field::content_encoding:
      return &request_head::content_encoding;
    case beast_http::field::accept:
      return &request_head::accept;
    case beast_http::field::if_match:
      return &request_head::if_match;
    case beast_http::field::if_none_match:
      return &request_head::if_none_match;
    case beast_http::field::authorization:
      return &request_head::authorization;
    case beast_http::field::upgrade:
      return &request_head::upgrade;
    case beast_http::field::expect:
      return &request_head::expect;
    case beast_http::field::sec_websocket_key:
      return &request_head::websocket_key;
    case beast_http::field::sec_websocket_version:
      return &request_head::websocket_version;
    case beast_http::field::access_control_request_method:
      return &request_head::cors_method;
    default:
      return nullptr;
  }
}

std::string_view request_head::*place_of(std::string_view name) noexcept {
  using boost::beast::iequals;
  switch (name.size()) {
    case 11:
      return iequals(name, "traceparent") ? &request_head::traceparent : nullptr;
    case 12:
      return iequals(name, "x-request-id") ? &request_head::request_id : nullptr;
    case 13:
      return iequals(name, "last-event-id") ? &request_head::last_event_id : nullptr;
    case 15:
      return iequals(name, "idempotency-key") ? &request_head::idempotency_key : nullptr;
    default:
      return nullptr;
  }
}

/// origin-form and absolute-form (RFC 9112, 3.2); the authority of the latter stands for Host.
bool split_target(std::string_view target, request_head& head) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!target.starts_with(scheme)) continue;
    target.remove_prefix(scheme.size());
    head.host = target.substr(0, target.find_first_of("/?"));
    target.remove_prefix(head.host.size());
    if (target.empty()) target = "/";
  }
  if (!target.starts_with('/') && !(target == "*" && head.method == method::options)) return false;
  const std::size_t mark = std::min(target.find('?'), target.size());
  head.path = target.substr(0, mark);
  head.query = target.substr(std::min(mark + 1, target.size()));
  return true;
}

std::unexpected<error> bad_request(std::string detail) {
  return fail(errc::invalid_parameter, std::move(detail));
}

}  // namespace

bool is_plain_id(std::string_view text) noexcept {
  constexpr std::size_t longest = 64;
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  };
  return !text.empty() && text.size() <= longest && std::ranges::all_of(text, allowed);
}

request_parser::request_parser() {
  body_limit(boost::none);  // the session counts, since the limit depends on the route
  header_limit(std::numeric_limits<std::uint32_t>::max());
}

result<void> request_parser::parse_head(std::string_view text, request_head& into) {
  text_ = text;
  head_ = &into;
  into = request_head();
  refusal_ = {.code = errc::invalid_parameter,
              .detail = "the request's head is not well-formed HTTP/1.1"};
  error_code ec;
  const std::size_t used = put(boost::asio::buffer(text.data(), text.size()), ec);
  if (ec || used != text.size() || !is_header_done()) return std::unexpected(std::move(refusal_));
  if (into.http_1_1 && into.host.empty()) return bad_request("a request has the header Host");
  if (!upgrade()) into.upgrade = {};  // without Connection: upgrade (RFC 9110, 7.8)
  into.has_body = !is_done();
  eager(true);
  return {};
}

result<std::size_t> request_parser::parse_body(std::string_view bytes, std::string& into) {
  body_ = &into;
  error_code ec;
  const std::size_t used = put(boost::asio::buffer(bytes.data(), bytes.size()), ec);
  if (ec && ec != beast_http::error::need_more)
    return bad_request("the request's body is not well-formed HTTP/1.1");
  return used;
}

std::optional<std::uint64_t> request_parser::remaining() const {
  const auto left = content_length_remaining();
  return left ? std::optional(*left) : std::nullopt;
}

void request_parser::on_request_impl(verb method, string_view, string_view target, int version,
                                     error_code& ec) {
  head_->method = method_of(method);
  head_->http_1_1 = version == 11;
  if (!split_target(target, *head_)) ec = beast_http::error::bad_target;
}

void request_parser::on_field_impl(field name, string_view text, string_view value,
                                   error_code& ec) {
  const auto place = name == field::unknown ? place_of(text) : place_of(name);
  if (place == nullptr) {
    if (name != field::transfer_encoding || boost::beast::iequals(value, "chunked")) return;
    refusal_.detail = "no other transfer coding than chunked is understood";
    ec = beast_http::error::bad_transfer_encoding;
    return;
  }
  const bool folded = value.data() < text_.data() || value.data() > text_.data() + text_.size();
  std::string_view& field_value = head_->*place;
  const bool repeated = field_value.data() != nullptr &&
                        !(name == field::host && !value.empty() && field_value == value);
  if (repeated && name == field::accept) return;  // what it adds is never needed
  if (folded || repeated) {
    refusal_.detail = folded ? "the header " + std::string(text) + " is folded over lines"
                             : "the header " + std::string(text) + " comes twice";
    ec = beast_http::error::bad_field;
    return;
  }
  field_value = value;
}

std::size_t request_parser::on_body_impl(string_view bytes, error_code&) {
  body_->append(bytes);
  return bytes.size();
}

std::size_t request_parser::on_chunk_body_impl(std::uint64_t, string_view bytes, error_code&) {
  body_->append(bytes);
  return bytes.size();
}

}  // namespace keelson::http
