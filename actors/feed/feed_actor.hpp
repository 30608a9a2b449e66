#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include "actors/contracts.hpp"
#include "actors/feed/feed_ring.hpp"
#include "actors/feed/replay_run.hpp"
#include "protocols/messages/feed.hpp"
#include "protocols/messages/reader.hpp"

namespace keelson::feed {

struct feed_options {
  std::size_t replays = 4;                      ///< that read the log at a time
  std::size_t replays_queued = 1024;            ///< the next is `overloaded`
  std::chrono::milliseconds queue_time{5000};   ///< so is one that waited for so long
  std::chrono::milliseconds replay_time{1000};  ///< after which a replay ends at the next commit
  std::chrono::milliseconds log_timeout{30'000};
};

/// Follows the primary's log, keeps the ring, and answers for what lies behind it.
using feed_actor =
    messages::feed::extend_with<actors::primary_follower>::extend_with<actors::stoppable>;

class feed_state {
 public:
  explicit feed_state(feed_actor::pointer self) : self_(self) {}
  static inline const char* name = "feed";

  void begin(std::shared_ptr<feed_ring> ring, messages::log_reader log, feed_options options);
  void opened(const actors::opened_store& store);
  void closed(const std::string& store);
  void committed(const actors::group_ref& group);
  void trimmed(sequence to);
  void replaced(const actors::history_break& into);

  caf::result<messages::answer<messages::resolved>> resolve(const messages::since& wanted);
  caf::result<messages::answer<messages::replay_slice>> replay(messages::replay_request& wanted);
  [[nodiscard]] messages::feed_status status() const;
  caf::result<messages::stopped_atom> stop();

 private:
  using resolve_promise = caf::typed_response_promise<messages::answer<messages::resolved>>;
  using replay_promise = caf::typed_response_promise<messages::answer<messages::replay_slice>>;
  struct waiting_resolve {
    resolve_promise promise;
    position wanted;
  };
  struct job {
    replay_promise promise;
    replay_run run;
    caf::actor_clock::time_point until;  ///< to be begun; when running: to be ended
  };

  void look_up(const position& wanted, resolve_promise promise);
  [[nodiscard]] messages::answer<messages::resolved> judge(
      const position& wanted, messages::answer<messages::log_reply> log);
  void start_replays();
  void read_on(std::uint64_t id);
  void took(std::uint64_t id, messages::answer<messages::log_reply>& piece);
  void settle(std::uint64_t id, messages::answer<messages::replay_slice> with);
  [[nodiscard]] error history_lost() const;

  feed_actor::pointer self_;
  std::shared_ptr<feed_ring> ring_;
  messages::log_reader log_;
  feed_options options_;
  bool open_ = false;
  std::uint64_t last_id_ = 0;
  std::map<std::uint64_t, waiting_resolve> resolves_;
  std::map<std::uint64_t, job> running_;
  std::deque<job> queued_;
};

[[nodiscard]] feed_actor::behavior_type run_feed(feed_actor::stateful_pointer<feed_state> self,
                                                 std::shared_ptr<feed_ring> ring,
                                                 messages::log_reader log, feed_options options);

}  // namespace keelson::feed
