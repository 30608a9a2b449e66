#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <random>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/event_based_actor.hpp>

#include "actors/system/assembly.hpp"
#include "protocols/bridge/feed_outlet.hpp"
#include "protocols/bridge/feed_subscription.hpp"
#include "tests/simulation/mutation.hpp"
#include "tests/simulation/subscriber_client.hpp"

namespace keelson::test {

/// What an actor without a contract does with itself.
struct errand {
  std::shared_ptr<const std::function<void(caf::event_based_actor*)>> run;
};

/// An actor that runs errands: its requests' answers come to whoever sent it.
[[nodiscard]] caf::behavior run_errands(caf::event_based_actor* self);

/// How a subscriber reaches the service: what a session of the gateway has at hand.
struct feed_access {
  const system::assembly& parts;
  bridge::feed_outlet& outlet;
  caf::actor runner;
};

/// A client and its session: begins at the start or with a snapshot, is cut off at random and
/// resumes, reads ring and log as the gateway's sessions do.
class simulated_subscriber {
 public:
  simulated_subscriber(subscriber_client client, std::uint64_t seed, mutation made_wrong);
  ~simulated_subscriber();
  simulated_subscriber(const simulated_subscriber&) = delete;
  simulated_subscriber& operator=(const simulated_subscriber&) = delete;

  /// Does what is next, if anything is; false: it waits for the feed or an answer.
  bool turn(const feed_access& access);
  void cut_off();
  /// Stays connected from now on, and asks for all that comes.
  void calm_down();
  /// True if it has seen the ring's end.
  [[nodiscard]] bool rests() const noexcept { return stage_ == stage::resting; }
  [[nodiscard]] subscriber_client& client() noexcept { return client_; }

 private:
  enum class stage : std::uint8_t { away, asking, ready, resting };
  class bell;

  void connect(const feed_access& access);
  void subscribe(const feed_access& access, const messages::resolved& at, bool with_snapshot);
  void advance(const feed_access& access);
  void send(const feed::feed_piece& piece);
  void send_documents();
  void fetch_replay(const feed_access& access);
  void fetch_page(const feed_access& access);
  void fetch_failed(const error& why);
  void lose(const error& why);
  [[nodiscard]] wire::selection_limits limits();
  [[nodiscard]] std::size_t draw(std::size_t below) { return random_() % below; }
  [[nodiscard]] bool errs(mutation which) { return made_wrong_ == which && draw(6) == 0; }

  template <class Value, class To, class Verb, class Request>
  void ask(const feed_access& access, const To& to, Verb verb, Request request,
           std::function<void(messages::answer<Value>)> then);

  subscriber_client client_;
  std::mt19937_64 random_;
  mutation made_wrong_;
  bool calm_ = false;
  stage stage_ = stage::away;
  std::shared_ptr<int> connection_;  ///< answers that come after its end are for nobody
  std::unique_ptr<bell> bell_;
  std::unique_ptr<bridge::feed_subscription> feed_;
};

}  // namespace keelson::test

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(keelson::test::errand)
