#pragma once

#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include <libpq-fe.h>

#include "backends/postgres/answer.hpp"
#include "backends/postgres/parameters.hpp"
#include "backends/postgres/server.hpp"

namespace keelson::backends::postgres {

/// A statement that is prepared once for a connection.
struct statement {
  std::string name;
  std::string text;
};

/// One connection. Belongs to one thread at a time. No call blocks for longer than the server's
/// statement_timeout and a second: then the connection counts as lost and is closed.
class connection {
 public:
  /// Connects and asks what the server is. Each host of the URL gets the URL's connect_timeout.
  [[nodiscard]] static result<connection> open(std::shared_ptr<const server> where,
                                               server::commits how);

  [[nodiscard]] const server_facts& facts() const noexcept { return facts_; }
  [[nodiscard]] const server& where() const noexcept { return *where_; }
  /// False once it is lost: nothing is known of what was under way.
  [[nodiscard]] bool alive() const noexcept { return raw_ != nullptr; }

  /// Whether it was lost because the server did not answer in time.
  [[nodiscard]] bool timed_out() const noexcept { return timed_out_; }

  /// Runs one statement in one round trip, and in a transaction of its own; the first use of one
  /// takes another to prepare it.
  [[nodiscard]] result<answer> run(const statement& what, parameters& with, std::string_view doing);
  /// Runs statements without parameters, separated by ';', in one transaction.
  [[nodiscard]] result<answer> run(const std::string& text, std::string_view doing);
  /// Without preparing it.
  [[nodiscard]] result<answer> run_once(const std::string& text, parameters& with,
                                        std::string_view doing);

 private:
  struct closer {
    void operator()(PGconn* raw) const noexcept { PQfinish(raw); }
  };
  using clock = std::chrono::steady_clock;
  connection(std::shared_ptr<const server> where, PGconn* raw)
      : where_(std::move(where)), raw_(raw) {}
  [[nodiscard]] result<void> ask_facts();
  [[nodiscard]] result<void> prepare(const statement& what);
  /// The answer to what was sent, if it could be.
  [[nodiscard]] result<answer> finish(int sent, std::string_view doing);
  [[nodiscard]] result<void> wait(short events, clock::time_point deadline, std::string_view doing);
  [[nodiscard]] result<void> send_rest(clock::time_point deadline, std::string_view doing);
  [[nodiscard]] std::unexpected<error> lost(std::string_view doing);

  std::shared_ptr<const server> where_;
  std::unique_ptr<PGconn, closer> raw_;
  server_facts facts_;
  bool timed_out_ = false;
  std::set<std::string, std::less<>> prepared_;
};

}  // namespace keelson::backends::postgres
