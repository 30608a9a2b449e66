#pragma once

#include <atomic>
#include <chrono>
#include <vector>

#include <boost/asio/post.hpp>
#include <caf/actor.hpp>

#include "protocols/bridge/gateway.hpp"
#include "protocols/bridge/loop_actor.hpp"

namespace keelson::bridge {

/// Single requests of one turn that are gathered for one message. They have one deadline.
template <class Request, class Reply>
struct gathering {
  std::vector<Request> requests;
  std::vector<completion<Reply>> done;

  [[nodiscard]] bool takes(const Request& next, std::size_t most) const noexcept {
    return requests.empty() ||
           (requests.size() < most &&
            requests.front().context.timeout_milliseconds == next.context.timeout_milliseconds);
  }
  [[nodiscard]] std::chrono::milliseconds timeout() const {
    return std::chrono::milliseconds(requests.front().context.timeout_milliseconds);
  }
};

using write_gathering = gathering<messages::write_request, messages::write_receipt>;
using get_gathering = gathering<messages::get_request, messages::get_reply>;

template <class Reply>
result<Reply> taken(Reply& reply) {
  return std::move(reply);
}
template <class Reply>
result<Reply> taken(messages::answer<Reply>& reply) {
  return std::move(reply).take();
}

class gateway::state {
 public:
  state(asio::io_context& on, caf::actor_system& in, services known,
        std::shared_ptr<admission> shared, gateway_options with);

  void write(messages::write_request request, completion<messages::write_receipt> done);
  void get(store_slot store, messages::get_request request, completion<messages::get_reply> done);
  void check(const document_id& id);
  void expire() { waiting_.expire(std::chrono::steady_clock::now()); }
  void close();
  void abandon();

  [[nodiscard]] const messages::reader& reader(store_slot store) const {
    return store == store_slot::primary
               ? to.primary
               : to.secondaries.at(static_cast<std::size_t>(store) - 1).reader;
  }

  /// Asks one actor; `Response` is what its role replies with: Reply, or answer<Reply>.
  template <class Response, class Reply, class Handle, class... Message>
  void ask(const Handle& whom, std::chrono::milliseconds timeout, completion<Reply> done,
           Message... message) {
    if (!admit(done)) return;
    send<Response>(whom, timeout, ask_kind::read, 1, std::move(done), std::move(message)...);
  }
  /// The same for how an actor is, which takes no place.
  template <class Reply, class Handle>
  void look(const Handle& whom, std::chrono::milliseconds timeout, completion<Reply> done) {
    if (!check_open(done)) return;
    send<Reply>(whom, timeout, ask_kind::read, 0, std::move(done), messages::status_atom{});
  }

  /// The same for what is to take effect: no answer leaves its outcome open.
  template <class Response, class Reply, class Handle, class... Message>
  void order(const Handle& whom, std::chrono::milliseconds timeout, completion<Reply> done,
             Message... message) {
    if (!admit(done)) return;
    send<Response>(whom, timeout, ask_kind::operation, 1, std::move(done), std::move(message)...);
  }

  asio::io_context& loop;
  caf::actor_system& system;
  const services to;
  const std::shared_ptr<admission> places;
  const gateway_options options;
  std::size_t checks_left;
  std::atomic<std::size_t> checks_let_go{0};  ///< read from other threads

 private:
  template <class Reply>
  [[nodiscard]] bool check_open(completion<Reply>& done) {
    if (!closed_) return true;
    refuse(std::move(done), {.code = errc::unavailable, .detail = "the service is stopping"});
    return false;
  }

  template <class Reply>
  [[nodiscard]] bool admit(completion<Reply>& done) {
    if (!check_open(done)) return false;
    if (places->enter()) return true;
    refuse(std::move(done), {.code = errc::overloaded,
                             .detail = "too many requests are in flight; nothing was done"});
    return false;
  }

  template <class Reply>
  void refuse(completion<Reply> done, error why) {
    asio::post(loop, [done = std::move(done), why = std::move(why)]() mutable {
      done(std::unexpected(std::move(why)));
    });
  }

  template <class Response, class Reply, class Handle, class... Message>
  void send(const Handle& whom, std::chrono::milliseconds timeout, ask_kind kind,
            std::size_t places_taken, completion<Reply> done, Message... message) {
    const auto until = std::chrono::steady_clock::now() + timeout + options.grace;
    const std::uint64_t id =
        waiting_.add(std::move(done), {.kind = kind, .places = places_taken, .until = until});
    // Deadlines are kept by expire(): a timer of CAF's for each message would cost a wake-up.
    courier_->request(whom, caf::infinite, std::move(message)...)
        .then([this, id](Response& reply) { waiting_.complete(id, taken<Reply>(reply)); },
              [this, id, kind](const caf::error& problem) {
                waiting_.complete(id, result<Reply>(std::unexpected(from_caf(problem, kind))));
              });
    unit_->run_woken();
  }

  void flush_at_end_of_turn();
  void flush();
  void flush(write_gathering& gathered);
  void flush(store_slot store, get_gathering& gathered);

  waiting_table waiting_;
  const std::shared_ptr<loop_unit> unit_;
  const caf::actor kept_;  ///< keeps courier_ alive
  loop_actor* const courier_;
  write_gathering writes_;
  std::vector<get_gathering> gets_;  // by store_slot
  messages::check_batch checks_;
  bool flush_posted_ = false;
  bool closed_ = false;
};

}  // namespace keelson::bridge
