#include "protocols/http/session.hpp"

namespace keelson::http {

namespace {

constexpr std::size_t body_buffer = std::size_t{64} << 10;

/// The rest of a refused body that is read for the sake of the connection.
constexpr std::size_t worth_reading = std::size_t{64} << 10;

}  // namespace

result<void> session::parse_buffered() {
  if (const std::string_view rest = input_.view().substr(used_); !rest.empty()) {
    const auto used = parser_->parse_body(rest, body_);
    if (!used) return std::unexpected(used.error());
    used_ += *used;
    if (parser_->done()) return {};
    body_input_.append(rest.substr(*used));
    used_ = input_.view().size();
  } else if (!body_input_.empty()) {
    const auto used = parser_->parse_body(body_input_.view(), body_);
    if (!used) return std::unexpected(used.error());
    body_input_.take(*used);
  }
  return {};
}

task<result<void>> session::read_more() {
  if (continue_wanted_) {
    continue_wanted_ = false;
    output_.append("HTTP/1.1 100 Continue\r\n\r\n");
  }
  if (body_input_.view().size() >= body_buffer) {
    keep_alive_ = false;
    co_return fail(errc::too_large, "an extension of a chunk, or the trailer, is too long");
  }
  const bool written = co_await flush();
  const std::int64_t until = io_loop::now() + options_.connection.body_idle.count();
  if (!written || !co_await fill(body_input_, body_buffer, until))
    co_return fail(errc::unavailable, "the body did not come in time");
  co_return result<void>();
}

task<result<std::string_view>> session::read_body(std::size_t most) {
  const bool too_long = parser_->remaining().value_or(0) > most;
  while (!too_long) {
    auto parsed = parser_->done() ? result<void>() : parse_buffered();
    if (!parsed) {
      keep_alive_ = false;
      co_return pass_on(std::move(parsed));
    }
    if (body_.size() > most) break;
    if (parser_->done()) co_return std::string_view(body_);
    auto more = co_await read_more();
    if (!more) co_return pass_on(std::move(more));
  }
  co_return fail(errc::too_large, "the body has at most " + std::to_string(most) + " bytes here");
}

task<result<std::string_view>> session::read_piece() {
  body_.clear();
  while (!parser_->done()) {
    auto parsed = parse_buffered();
    if (!parsed) {
      keep_alive_ = false;
      co_return pass_on(std::move(parsed));
    }
    if (!body_.empty()) break;
    if (parser_->done()) break;
    auto more = co_await read_more();
    if (!more) co_return pass_on(std::move(more));
  }
  co_return std::string_view(body_);
}

task<> session::settle_body() {
  if (!parser_ || parser_->done()) co_return;
  linger_ = true;
  if (!keep_alive_ || continue_wanted_ ||
      parser_->remaining().value_or(worth_reading + 1) > worth_reading) {
    keep_alive_ = false;
    co_return;
  }
  const std::int64_t until = io_loop::now() + options_.connection.refused_body_time.count();
  while (keep_alive_ && !parser_->done()) {
    body_.clear();
    if (!parse_buffered()) keep_alive_ = false;
    if (!keep_alive_ || parser_->done()) break;
    if (!co_await fill(body_input_, body_buffer, until)) keep_alive_ = false;
  }
  linger_ = !keep_alive_;
}

}  // namespace keelson::http
