#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/http/connection_list.hpp"
#include "protocols/http/handler.hpp"
#include "protocols/http/io_loop.hpp"
#include "protocols/http/read_buffer.hpp"
#include "protocols/http/request_parser.hpp"
#include "protocols/http/routes.hpp"

namespace keelson::http {

/// One connection: reads requests, has them answered one after the other, writes the answers.
/// Answers of pipelined requests are written together, as long as those to come are quick. Lives in
/// its coroutine.
class session final : public watched_connection {
 public:
  session(bridge::client_stream stream, io_loop& loop);
  ~session() override;
  session(const session&) = delete;
  session& operator=(const session&) = delete;

  task<> run();

  void expire() override {
    expired_ = true;
    cut();
  }
  void send_held() override;
  void begin_drain() override;
  void check_access() override;
  void cut() override;

 private:
  friend class exchange;

  // Input and output; session_io.cpp. False: the connection is of no more use.
  task<bool> shake_hands();
  task<bool> fill(read_buffer& into, std::size_t most, std::int64_t until);
  [[nodiscard]] bool try_flush();
  task<bool> flush();
  task<bool> write_all(std::string_view bytes);
  task<> discard_input();
  task<> say_end();

  void part(parting why);

  // The head; session_head.cpp.
  task<bool> read_head();
  [[nodiscard]] bool take_head(std::size_t size);
  void refuse_head(const error& why);
  void begin_request();
  [[nodiscard]] result<void> check_head();
  [[nodiscard]] result<void> find_route();
  [[nodiscard]] result<void> check_token();
  [[nodiscard]] std::optional<response> preflight() const;
  [[nodiscard]] std::optional<response> unmet_expectation();

  // The body; session_body.cpp.
  [[nodiscard]] result<void> parse_buffered();
  task<result<void>> read_more();
  task<result<std::string_view>> read_body(std::size_t most);
  task<result<std::string_view>> read_piece();
  task<> settle_body();

  // The answer; session_answer.cpp.
  task<> serve_request();
  task<result<response>> respond();
  task<> answer(response with);
  void add_head(const response& of, std::size_t body_size);
  [[nodiscard]] response problem(const error& why) const;
  task<bool> open_stream(response head);
  task<bool> send(std::string_view piece);
  task<> end_stream();
  void end_request(unsigned status);
  enum class pace : bool { usual, slow };
  void log_request(pace of, unsigned status, double seconds) const;
  [[nodiscard]] upgraded_connection upgrade();

  bridge::client_stream stream_;
  io_loop& loop_;
  const server_options& options_;
  std::string known_host_;  ///< the last Host that was found good

  read_buffer input_;                  ///< the head of the request in hand is at its front
  read_buffer body_input_;             ///< the rest of a body that did not come with its head
  std::string output_;                 ///< answers that are not yet written
  std::vector<document_id> to_check_;  ///< reads in output_

  // Of the request in hand.
  std::optional<request_parser> parser_;
  request_head head_;
  const route* route_ = nullptr;
  std::array<std::string, 2> path_parameters_;
  wire::query query_;
  std::string request_id_;
  std::string principal_;
  std::int64_t timeout_milliseconds_ = 0;
  std::size_t used_ = 0;  ///< of input_: the head, and what was parsed of the body behind it
  std::string body_;
  std::string allowed_methods_;
  std::move_only_function<void(parting)> wake_;
  std::chrono::steady_clock::time_point began_;
  std::optional<std::chrono::steady_clock::time_point>
      opened_;  ///< a stream or a wait, which may last
  bool continue_wanted_ = false;
  bool access_ended_ = false;  ///< its token was taken back while it was served
  bool stream_open_ = false;
  unsigned status_ = 0;

  bool keep_alive_ = true;
  bool idle_ = true;
  bool expired_ = false;  ///< the wait in hand was cut since it took too long
  bool broken_ = false;   ///< nothing can be written any more
  bool linger_ = false;   ///< unread input: read and throw it away before the end
};

}  // namespace keelson::http
