#pragma once

#include <chrono>
#include <filesystem>
#include <random>
#include <string>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/atom.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/scoped_actor.hpp>

#include "protocols/model/document.hpp"

namespace keelson::test {

/// An actor system in one thread under virtual time: nothing happens but in run() and advance().
class virtual_system {
 public:
  virtual_system() : system(config_) {}
  virtual_system(const virtual_system&) = delete;
  virtual_system& operator=(const virtual_system&) = delete;

  /// Runs until nobody has anything to do.
  void run() { coordinator().run(); }
  /// Runs one message; false: nobody has anything to do.
  bool run_once() { return coordinator().try_run_once(); }
  /// Lets the time pass in small steps, running what comes due.
  void advance(std::chrono::milliseconds time) {
    constexpr std::chrono::milliseconds step{50};
    for (; time.count() > 0; time -= step) {
      coordinator().advance_time(std::min(step, time));
      run();
    }
  }
  [[nodiscard]] timestamp wall_now() {
    const auto now = coordinator().clock().now().time_since_epoch();
    return {std::chrono::duration_cast<std::chrono::microseconds>(now).count() +
            1'700'000'000'000'000};
  }

  /// Asks an actor, runs everything, and hands the answer over; `Reply` is the answer's type.
  template <class Reply, class Actor, class... Parts>
  Reply ask(const Actor& to, Parts&&... parts) {
    caf::scoped_actor self(system);
    auto pending = self->request(to, caf::infinite, std::forward<Parts>(parts)...);
    run();
    Reply reply{};
    bool answered = false;
    pending.receive(
        [&](Reply& given) {
          reply = std::move(given);
          answered = true;
        },
        [&](const caf::error& problem) { throw std::runtime_error(to_string(problem)); });
    if (!answered) throw std::runtime_error("no answer");
    return reply;
  }

 private:
  struct testing_config : caf::actor_system_config {
    testing_config() { set("scheduler.policy", caf::atom("testing")); }
  };
  caf::scheduler::test_coordinator& coordinator() {
    return dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
  }
  testing_config config_;

 public:
  caf::actor_system system;
};

/// A folder that goes with the object.
class temporary_folder {
 public:
  temporary_folder() {
    std::random_device random;
    path_ = std::filesystem::temp_directory_path() /
            ("keelson-test-" + std::to_string(random()) + std::to_string(random()));
    std::filesystem::create_directories(path_);
  }
  ~temporary_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace keelson::test
