#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include <caf/execution_unit.hpp>
#include <caf/intrusive_ptr.hpp>
#include <caf/resumable.hpp>

#include "protocols/bridge/io.hpp"

namespace keelson::bridge {

/// Runs actors on an IO thread, as CAF's brokers run on their multiplexer: the loop's own actor,
/// and once, right where it was asked, each actor that was idle and is woken by it. So a front that
/// only passes a request on to its worker costs no change of threads.
class loop_unit final : public caf::execution_unit, public std::enable_shared_from_this<loop_unit> {
 public:
  loop_unit(asio::io_context& loop, caf::actor_system& system);

  /// The actor that lives on this loop; it is resumed there and nowhere else.
  void own(caf::resumable* actor) noexcept { own_ = actor; }

  /// From any thread for the loop's own actor; for others on the loop's thread.
  void exec_later(caf::resumable* what) override;

  /// Runs what was woken since the last call. What that wakes in its turn goes to the scheduler.
  void run_woken();

  /// The loop is about to go: nothing runs there any more.
  void close();

 private:
  using woken = caf::intrusive_ptr<caf::resumable>;
  class posted;

  void run(woken what);
  void pass_on(woken what);
  [[nodiscard]] bool post(woken& what);

  std::mutex mutex_;
  asio::io_context* loop_;  // guarded by mutex_
  caf::resumable* own_ = nullptr;
  std::vector<woken> woken_;
  bool running_ = false;
};

}  // namespace keelson::bridge
