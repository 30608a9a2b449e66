#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <thread>

#include <caf/fwd.hpp>

#include "protocols/bridge/client_stream.hpp"
#include "protocols/bridge/feed_outlet.hpp"
#include "protocols/bridge/gateway.hpp"
#include "protocols/bridge/io.hpp"
#include "protocols/http/connection_list.hpp"
#include "protocols/http/service_info.hpp"

namespace keelson::http {

/// One IO thread with everything that belongs to its connections. Constructed, started and stopped
/// by the server's thread; all else happens on the IO thread.
class io_loop {
 public:
  io_loop(service_info& info, caf::actor_system& system, const bridge::services& to,
          std::shared_ptr<bridge::admission> places);
  ~io_loop();
  io_loop(const io_loop&) = delete;
  io_loop& operator=(const io_loop&) = delete;

  void start();
  /// Sessions finish the request in hand, streams are told, idle connections close. Any thread.
  void drain();
  /// Answers what still waits and cuts every connection. Any thread.
  void begin_stop();
  /// The same; returns when the connections have ended or their time is over, and the thread has
  /// ended. Any thread but its own.
  void stop();

  /// Serves a connection to its end.
  void serve(bridge::tcp_socket socket);

  [[nodiscard]] bridge::asio::io_context& context() noexcept { return *context_; }
  [[nodiscard]] bridge::gateway& gate() noexcept { return *gate_; }
  [[nodiscard]] bridge::feed_outlet& feed() noexcept { return *feed_; }
  [[nodiscard]] service_info& info() noexcept { return info_; }
  void add(watched_connection& one) noexcept { connections_.add(one); }
  void remove(watched_connection& one);
  [[nodiscard]] bool draining() const noexcept { return draining_; }

  /// Who may do what. On the IO thread.
  [[nodiscard]] const token_table& tokens() const noexcept { return *tokens_; }
  /// From now on, and of the streams that are open. Any thread.
  void set_tokens(std::shared_ptr<const token_table> tokens);

  /// Of connections accepted from now on. Any thread.
  void set_tls_keys(bridge::client_stream::tls_keys keys);

  /// Steady time, in milliseconds, for deadlines that are kept by the sweep.
  [[nodiscard]] static std::int64_t now() noexcept;
  /// A Date header's line, at most a quarter of a second old.
  [[nodiscard]] const std::string& date_line() const noexcept { return date_line_; }
  /// The moment it names.
  [[nodiscard]] timestamp date() const noexcept { return date_; }
  [[nodiscard]] std::uint64_t random() { return random_(); }
  /// 13 characters of base 32.
  [[nodiscard]] std::string make_request_id();

 private:
  bridge::task<> sweep();
  void refresh_date();

  service_info& info_;
  std::mt19937_64 random_;
  connection_list connections_;
  timestamp date_;
  std::string date_line_;
  std::shared_ptr<const token_table> tokens_;
  bridge::client_stream::tls_keys tls_;
  bool draining_ = false;
  std::function<void()> empty_;  ///< told when the last connection has ended
  std::future<void> all_ended_;  ///< of the server's thread; valid once the stop has begun
  std::chrono::steady_clock::time_point end_by_;
  // Destroyed in this order reversed: what is suspended in the context uses all of the above.
  std::unique_ptr<bridge::asio::io_context> context_;
  std::unique_ptr<bridge::gateway> gate_;
  std::unique_ptr<bridge::feed_outlet> feed_;
  std::thread thread_;
};

}  // namespace keelson::http
