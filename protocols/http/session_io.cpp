#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <spdlog/spdlog.h>

#include "protocols/http/session.hpp"
#include "protocols/model/log_text.hpp"

namespace keelson::http {

namespace asio = bridge::asio;

namespace {

constexpr std::size_t least_read = 4096;
constexpr std::size_t output_kept = std::size_t{64} << 10;

}  // namespace

task<bool> session::shake_hands() {
  if (!stream_.encrypted()) co_return true;
  deadline = io_loop::now() + options_.connection.head_time.count();
  const auto failed = co_await stream_.shake_hands();
  deadline = no_deadline;
  if (failed)
    spdlog::debug("component=http event=tls_refused reason={}", log_quoted(failed.message()));
  co_return !failed;
}

task<bool> session::fill(read_buffer& into, std::size_t most, std::int64_t until) {
  const auto space = into.room(least_read, most);
  if (space.size == 0) keep_alive_ = false;
  if (space.size == 0 || broken_) co_return false;
  expired_ = false;
  deadline = until;
  auto reading =
      stream_.async_read_some(asio::buffer(space.data, space.size), bridge::use_task_tuple);
  const auto [failed, bytes] = co_await std::move(reading);
  deadline = no_deadline;
  if (failed) keep_alive_ = false;
  if (failed && !expired_) broken_ = true;  // else an answer may still go
  into.put(bytes);
  co_return !failed;
}

bool session::try_flush() {
  if (stream_.encrypted()) return false;
  boost::system::error_code failed;
  const std::size_t bytes = stream_.socket().write_some(asio::buffer(output_), failed);
  if (failed && failed != asio::error::would_block) broken_ = true;
  if (bytes < output_.size()) {
    output_.erase(0, bytes);
    return false;
  }
  output_.clear();
  return true;
}

task<bool> session::flush() {
  if (!output_.empty() && !broken_ && !try_flush() && !broken_) {
    const std::string rest = std::exchange(output_, {});
    co_await write_all(rest);
  }
  if (output_.capacity() > output_kept) output_ = {};
  for (const document_id& each : to_check_) loop_.gate().check(each);
  to_check_.clear();
  co_return !broken_;
}

task<bool> session::write_all(std::string_view bytes) {
  while (!bytes.empty() && !broken_) {
    deadline = io_loop::now() + options_.connection.write_idle.count();
    auto writing =
        stream_.async_write_some(asio::buffer(bytes.data(), bytes.size()), bridge::use_task_tuple);
    const auto [failed, taken] = co_await std::move(writing);
    deadline = no_deadline;
    bytes.remove_prefix(taken);
    if (failed) broken_ = true;
  }
  co_return !broken_;
}

task<> session::discard_input() {
  boost::system::error_code ignored;
  if (!stream_.encrypted()) stream_.socket().shutdown(asio::socket_base::shutdown_send, ignored);
  const std::int64_t until = io_loop::now() + options_.connection.refused_body_time.count();
  std::size_t left = options_.connection.refused_body_bytes;
  body_input_.release();
  while (left > 0 && !loop_.draining()) {
    if (!co_await fill(body_input_, least_read, until)) co_return;
    left -= std::min(left, body_input_.view().size());
    body_input_.take(body_input_.view().size());
  }
}

task<> session::say_end() {
  if (!stream_.encrypted()) co_return;
  deadline = io_loop::now() + options_.connection.tls_end_time.count();
  co_await stream_.say_end();
  deadline = no_deadline;
}

}  // namespace keelson::http
