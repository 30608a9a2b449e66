#include "tests/simulation/simulated_subscriber.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace keelson::test {

using namespace messages;
using bridge::feed_need;

caf::behavior run_errands(caf::event_based_actor* self) {
  return {[self](const errand& job) { (*job.run)(self); }};
}

/// Wakes a subscriber that rests, as the gateway's sessions are woken.
class simulated_subscriber::bell final : public bridge::feed_outlet::listener {
 public:
  bell(bridge::feed_outlet& outlet, simulated_subscriber& of) : listener(outlet), of_(of) {}
  void feed_moved() override {
    if (of_.stage_ == stage::resting) of_.stage_ = stage::ready;
  }

 private:
  simulated_subscriber& of_;
};

simulated_subscriber::simulated_subscriber(subscriber_client client, std::uint64_t seed,
                                           mutation made_wrong)
    : client_(std::move(client)), random_(seed), made_wrong_(made_wrong) {}

simulated_subscriber::~simulated_subscriber() = default;

bool simulated_subscriber::turn(const feed_access& access) {
  constexpr std::size_t seldom = 30;
  if (!calm_ && stage_ != stage::away && draw(seldom) == 0) {
    cut_off();
    return true;
  }
  switch (stage_) {
    case stage::away:
      connect(access);
      return true;
    case stage::ready:
      advance(access);
      return true;
    case stage::asking:
    case stage::resting:
      break;
  }
  return false;
}

void simulated_subscriber::calm_down() {
  calm_ = true;
  if (stage_ == stage::resting) stage_ = stage::ready;  // to be told where it is
}

void simulated_subscriber::cut_off() {
  feed_.reset();
  bell_.reset();
  connection_.reset();
  stage_ = stage::away;
  client_.hang_up();
}

template <class Value, class To, class Verb, class Request>
void simulated_subscriber::ask(const feed_access& access, const To& to, Verb verb, Request request,
                               std::function<void(answer<Value>)> then) {
  constexpr std::chrono::seconds patience{10};
  stage_ = stage::asking;
  if (!connection_) connection_ = std::make_shared<int>();
  const auto tell = [alive = std::weak_ptr(connection_),
                     then = std::move(then)](answer<Value> got) {
    if (alive.lock()) then(std::move(got));
  };
  errand job{std::make_shared<const std::function<void(caf::event_based_actor*)>>(
      [=](caf::event_based_actor* self) {
        self->request(to, patience, verb, request)
            .then([tell](answer<Value>& got) { tell(std::move(got)); },
                  [tell](const caf::error&) {
                    tell(error{.code = errc::unavailable, .detail = "no answer"});
                  });
      })};
  caf::anon_send(access.runner, std::move(job));
}

void simulated_subscriber::connect(const feed_access& access) {
  constexpr std::size_t seldom = 12;
  since wanted{.what = since_kind::now};
  const bool resumes = client_.bookmark() && (calm_ || draw(seldom) != 0);
  const bool with_snapshot = !resumes && (calm_ || draw(2) == 0);
  if (resumes) {
    wanted = {since_kind::at, *client_.bookmark()};
  } else if (!with_snapshot) {
    wanted.what = since_kind::start;
  }
  ask<resolved>(access, access.parts.feed, resolve_atom::value, wanted,
                [=, this, access = access](answer<resolved> at) {
                  if (at) {
                    if (!resumes && !with_snapshot) client_.begin_at(at.value.from);
                    return subscribe(access, at.value, with_snapshot);
                  }
                  if (at.problem.code == errc::history_lost && resumes) {
                    client_.take_loss(at.problem);
                  }
                  cut_off();
                });
}

void simulated_subscriber::subscribe(const feed_access& access, const resolved& at,
                                     bool with_snapshot) {
  using how = bridge::feed_subscription::start;
  if (with_snapshot) client_.begin_snapshot();
  const auto interest =
      std::make_shared<feed::feed_interest>(feed::feed_interest{.filter = client_.filter()});
  feed_ = std::make_unique<bridge::feed_subscription>(
      interest, at.from, with_snapshot ? how::snapshot : how::changes, access.outlet);
  bell_ = std::make_unique<bell>(access.outlet, *this);
  stage_ = stage::ready;
}

wire::selection_limits simulated_subscriber::limits() {
  constexpr std::array<std::size_t, 3> frames{200, 1000, 1U << 20};
  wire::selection_limits some{.frame_bytes = frames.at(draw(frames.size()))};
  if (draw(2) == 0) some.commit_changes = 1 + draw(4);
  if (draw(4) == 0) some.scanned = 1 + draw(8);
  return some;
}

void simulated_subscriber::advance(const feed_access& access) {
  switch (feed_->next(limits())) {
    case feed_need::send_piece:
      return send(feed_->piece());
    case feed_need::send_documents:
      return send_documents();
    case feed_need::send_live:
      return client_.end_snapshot(feed_->resume());
    case feed_need::again:
      return;
    case feed_need::wait:
      if (calm_ || draw(2) == 0) client_.take_bookmark(feed_->resume());
      stage_ = stage::resting;
      return;
    case feed_need::replay:
      return fetch_replay(access);
    case feed_need::page:
      return fetch_page(access);
    case feed_need::lost:
      return lose({.code = errc::history_lost, .oldest = access.outlet.ring().oldest().text()});
  }
}

void simulated_subscriber::send(const feed::feed_piece& piece) {
  if (errs(mutation::drops_piece)) return;
  client_.take_changes(piece.text);
  if (errs(mutation::repeats_piece)) client_.take_changes(piece.text);
  if (errs(mutation::shifts_bookmark)) {
    auto beyond = feed_->resume();
    beyond.at.value += 1;
    client_.take_bookmark(beyond);
  }
}

void simulated_subscriber::send_documents() {
  auto& unsent = feed_->documents();
  const auto some = std::min(unsent.size(), 1 + draw(20));
  client_.take_documents(unsent.first(some));
  unsent = unsent.subspan(some);
}

void simulated_subscriber::fetch_replay(const feed_access& access) {
  auto wanted = feed_->replay_request();
  if (draw(2) == 0) wanted.max_changes = static_cast<std::uint32_t>(1 + draw(10));
  ask<replay_slice>(access, access.parts.feed, replay_atom::value, wanted,
                    [this](answer<replay_slice> slice) {
                      if (!slice) return fetch_failed(slice.problem);
                      feed_->replayed(std::move(slice.value));
                      stage_ = stage::ready;
                    });
}

void simulated_subscriber::fetch_page(const feed_access& access) {
  auto wanted = feed_->page_request();
  wanted.limit = static_cast<std::uint32_t>(1 + draw(12));
  ask<list_page>(access, access.parts.reader, list_atom::value, wanted,
                 [this](answer<list_page> page) {
                   if (!page) return fetch_failed(page.problem);
                   if (auto taken = feed_->listed(std::move(page.value)); !taken) {
                     return lose(taken.error());
                   }
                   stage_ = stage::ready;
                 });
}

void simulated_subscriber::fetch_failed(const error& why) {
  if (why.code == errc::history_lost) return lose(why);
  stage_ = stage::ready;  // asks again at its next turn
}

void simulated_subscriber::lose(const error& why) {
  client_.take_loss(why);
  cut_off();
}

}  // namespace keelson::test
