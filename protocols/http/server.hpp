#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

#include <caf/fwd.hpp>

#include "protocols/bridge/services.hpp"
#include "protocols/http/bound_address.hpp"
#include "protocols/http/options.hpp"

namespace keelson::http {

/// The HTTP front: one listener, a few IO threads. To be used from one thread.
class server {
 public:
  server(server_options options, caf::actor_system& system, const bridge::services& to);
  /// Stops it if that was not done.
  ~server();
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  /// Listens and serves; the port. unavailable when the address cannot be listened on, in words for
  /// the operator.
  [[nodiscard]] result<std::uint16_t> start(bound_address& on);

  /// Who may do what, from now on; streams of callers who may not read any more end.
  void set_tokens(std::vector<access_token> tokens);
  /// For connections accepted from now on; of a server that was begun with keys.
  void set_tls_keys(const bridge::client_stream::tls_keys& keys);

  enum class drained : std::uint8_t { whole, cut_short };
  /// Accepts nothing more, lets requests in hand finish and streams say good-bye; returns when no
  /// connection is left or the time is over.
  drained drain(std::chrono::milliseconds patience);

  /// Cuts what is left and ends the IO threads, within cut_time. No actor is asked afterwards.
  void stop();

  [[nodiscard]] std::size_t connections() const noexcept;
  [[nodiscard]] std::size_t requests_in_flight() const noexcept;
  [[nodiscard]] std::size_t requests_refused() const noexcept;
  /// Of all IO threads.
  [[nodiscard]] std::size_t checks_let_go() const noexcept;

 private:
  class state;
  std::unique_ptr<state> state_;
};

}  // namespace keelson::http
