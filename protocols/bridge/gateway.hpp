#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <caf/fwd.hpp>

#include "protocols/bridge/admission.hpp"
#include "protocols/bridge/io.hpp"
#include "protocols/bridge/services.hpp"
#include "protocols/bridge/waiting_table.hpp"

namespace keelson::bridge {

/// Which store a read goes to: 0 is the primary, then the secondaries in the order of `services`.
enum class store_slot : std::size_t { primary = 0 };

/// For a position to be fixed, or a slice of the log to be read, where no request has a deadline.
inline constexpr std::chrono::milliseconds feed_timeout = std::chrono::seconds(10);

/// How the components are, or why one did not say.
struct status_answers {
  result<messages::primary_status> primary;
  std::vector<result<messages::secondary_status>> secondaries;  ///< in the order of `services`
  result<messages::validator_status> validator;
  result<messages::feed_status> feed;
};

struct gateway_options {
  std::size_t most_in_message = 64;      ///< single reads or writes gathered in one message
  std::size_t checks_per_second = 2000;  ///< reads handed to the validator by this IO thread
  std::chrono::milliseconds grace{500};  ///< over a request's deadline, for the answer's way back
};

/// The way from one IO thread to the actors and back. Single reads and writes of one event-loop
/// turn travel in one message; the writes of one gateway take effect in the order they were asked.
///
/// Every ask is answered exactly once, on the IO thread: by the actor asked, or, when that is gone
/// or late, by `unavailable` (a read) or `outcome_unknown` (what changes something); by
/// `overloaded` when no place is left. To be used on its IO thread only; to be closed there before
/// the loop ends.
class gateway {
 public:
  gateway(asio::io_context& loop, caf::actor_system& system, services to,
          std::shared_ptr<admission> places, gateway_options options = {});
  ~gateway();
  gateway(const gateway&) = delete;
  gateway& operator=(const gateway&) = delete;

  [[nodiscard]] std::optional<store_slot> find_store(std::string_view name) const noexcept;

  /// The same with a callback, for callers that keep several in flight.
  void write(messages::write_request request, completion<messages::write_receipt> done);

  [[nodiscard]] task<result<messages::write_receipt>> ask_write(messages::write_request request);
  [[nodiscard]] task<result<messages::get_reply>> ask_get(store_slot store,
                                                          messages::get_request request);
  [[nodiscard]] task<result<messages::get_many_reply>> ask_many(store_slot store,
                                                                messages::get_many_request request);
  [[nodiscard]] task<result<messages::list_page>> ask_list(store_slot store,
                                                           messages::list_request request);

  [[nodiscard]] task<result<messages::collections_reply>> ask_collections(
      messages::collections_request request);

  /// An operator's verb on a secondary: `outcome_unknown` when no answer came in time.
  enum class verb : std::uint8_t { pause, resume, rebuild, rebuild_confirmed };
  [[nodiscard]] task<result<messages::secondary_status>> ask_operator(
      store_slot secondary, verb wanted, std::chrono::milliseconds timeout);

  /// Hands a read over to be checked later, within the budget; nothing is answered.
  void check(const document_id& id);
  /// Reads over the budget so far; from any thread.
  [[nodiscard]] std::size_t checks_let_go() const noexcept;
  /// To be called once a second: the budget of checks begins anew.
  void begin_second() noexcept;
  /// To be called every now and then: answers what has waited beyond its deadline.
  void expire();

  [[nodiscard]] task<result<messages::comparisons>> ask_compare(messages::request_context context,
                                                                document_id id);
  [[nodiscard]] task<result<std::string>> ask_verify(messages::verify_request request,
                                                     std::chrono::milliseconds timeout);
  [[nodiscard]] task<result<messages::verify_report>> ask_report(std::string pass,
                                                                 std::chrono::milliseconds timeout);
  [[nodiscard]] task<result<messages::verify_report>> ask_cancel(std::string pass,
                                                                 std::chrono::milliseconds timeout);
  [[nodiscard]] task<result<messages::differences_page>> ask_differences(
      messages::differences_request request, std::chrono::milliseconds timeout);

  /// Asks every component at once how it is; each answers, or is said not to have within 2 s, or
  /// the timeout if that is shorter. Takes no place: a service that is overloaded still says so.
  [[nodiscard]] task<status_answers> ask_status(std::chrono::milliseconds timeout);
  [[nodiscard]] task<result<messages::resolved>> ask_resolve(
      messages::since since, std::chrono::milliseconds timeout = feed_timeout);
  [[nodiscard]] task<result<messages::replay_slice>> ask_replay(
      messages::replay_request request, std::chrono::milliseconds timeout = feed_timeout);

  [[nodiscard]] const services& to() const noexcept;
  [[nodiscard]] asio::io_context& loop() noexcept;
  [[nodiscard]] caf::actor_system& system() noexcept;
  [[nodiscard]] const admission& places() const noexcept;

  /// Answers everything that still waits, and refuses from now on.
  void close();
  /// The same when the loop does not run any more: what waits is dropped.
  void abandon();

 private:
  class state;
  std::unique_ptr<state> state_;
};

}  // namespace keelson::bridge
