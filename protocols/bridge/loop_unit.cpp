#include "protocols/bridge/loop_unit.hpp"

#include <utility>

#include <boost/asio/post.hpp>
#include <caf/actor_system.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>

namespace keelson::bridge {

namespace {

/// Messages that the loop's own actor handles before others have their turn.
constexpr std::size_t most_own = 64;
/// And one that was woken: the one it was woken for, and what came right behind.
constexpr std::size_t most_others = 2;

}  // namespace

/// A turn of the loop's own actor. One that is never run goes to the scheduler, which ends it.
class loop_unit::posted {
 public:
  posted(std::shared_ptr<loop_unit> unit, woken what) noexcept
      : unit_(std::move(unit)), what_(std::move(what)) {}
  posted(posted&&) noexcept = default;
  posted(const posted&) = delete;
  posted& operator=(const posted&) = delete;
  ~posted() {
    if (what_) unit_->system().scheduler().enqueue(what_.release());
  }
  void operator()() { unit_->run(std::move(what_)); }

 private:
  std::shared_ptr<loop_unit> unit_;
  woken what_;
};

loop_unit::loop_unit(asio::io_context& loop, caf::actor_system& system)
    : caf::execution_unit(&system), loop_(&loop) {}

void loop_unit::exec_later(caf::resumable* what) {
  woken taken(what, false);  // the caller has counted this reference
  if (what == own_ || running_) {
    pass_on(std::move(taken));
  } else {
    woken_.push_back(std::move(taken));
  }
}

void loop_unit::run_woken() {
  running_ = true;
  for (auto& each : woken_) run(std::move(each));
  woken_.clear();
  running_ = false;
}

void loop_unit::run(woken what) {
  const std::size_t most = what.get() == own_ ? most_own : most_others;
  if (what->resume(this, most) == caf::resumable::resume_later) pass_on(std::move(what));
}

void loop_unit::pass_on(woken what) {
  if (what.get() == own_ && post(what)) return;
  system().scheduler().enqueue(what.release());
}

bool loop_unit::post(woken& what) {
  const std::lock_guard lock(mutex_);
  if (loop_ == nullptr) return false;
  asio::post(*loop_, posted(shared_from_this(), std::move(what)));
  return true;
}

void loop_unit::close() {
  {
    const std::lock_guard lock(mutex_);
    loop_ = nullptr;
  }
  for (auto& each : std::exchange(woken_, {})) pass_on(std::move(each));
}

}  // namespace keelson::bridge
