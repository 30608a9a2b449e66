#include <boost/asio/post.hpp>

#include "protocols/http/session.hpp"

namespace keelson::http {

std::string_view to_string(method of) noexcept {
  switch (of) {
    case method::get:
      return "GET";
    case method::head:
      return "HEAD";
    case method::put:
      return "PUT";
    case method::post:
      return "POST";
    case method::patch:
      return "PATCH";
    case method::remove:
      return "DELETE";
    case method::options:
      return "OPTIONS";
    case method::other:
      break;
  }
  return "OTHER";
}

const request_head& exchange::head() const noexcept {
  return session_.head_;
}

std::string_view exchange::path_parameter(std::size_t index) const noexcept {
  return session_.path_parameters_[index];
}

const wire::query& exchange::query() const noexcept {
  return session_.query_;
}

messages::request_context exchange::context() const {
  return {.request_id = session_.request_id_,
          .principal = session_.principal_,
          .trace = std::string(session_.head_.traceparent),
          .timeout_milliseconds = session_.timeout_milliseconds_};
}

std::chrono::milliseconds exchange::timeout() const noexcept {
  return std::chrono::milliseconds(session_.timeout_milliseconds_);
}

bridge::gateway& exchange::gate() const noexcept {
  return session_.loop_.gate();
}
bridge::feed_outlet& exchange::feed() const noexcept {
  return session_.loop_.feed();
}
io_loop& exchange::loop() const noexcept {
  return session_.loop_;
}
const service_info& exchange::info() const noexcept {
  return session_.loop_.info();
}

task<result<std::string_view>> exchange::read_body(std::size_t most) {
  return session_.read_body(most);
}
task<result<std::string_view>> exchange::read_some() {
  return session_.read_piece();
}

task<bool> exchange::open_stream(response head) {
  return session_.open_stream(std::move(head));
}
task<bool> exchange::send(std::string_view piece) {
  return session_.send(piece);
}

void exchange::begin_wait() {
  if (!session_.opened_) session_.opened_ = std::chrono::steady_clock::now();
}

task<upgraded_connection> exchange::upgrade() {
  co_await session_.flush();  // the answers to earlier requests
  co_return session_.upgrade();
}

bool exchange::going_away() const noexcept {
  return session_.loop_.draining() || session_.access_ended_;
}

void exchange::on_going_away(std::move_only_function<void(parting)> wake) {
  session_.wake_ = std::move(wake);
  if (session_.loop_.draining()) session_.part(parting::service_stops);
  session_.check_access();  // the tokens may have changed since the head was read
}

void exchange::check_after_answer(document_id id) {
  session_.to_check_.push_back(std::move(id));
}

}  // namespace keelson::http
