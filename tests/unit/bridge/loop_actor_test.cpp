#include "protocols/bridge/loop_actor.hpp"

#include <thread>

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <catch2/catch.hpp>

using namespace keelson;
namespace asio = keelson::bridge::asio;

namespace {

/// A loop with its actor, run by the test.
struct running_loop {
  caf::actor_system_config config;
  caf::actor_system system{config};
  asio::io_context context;
  std::shared_ptr<bridge::loop_unit> unit = std::make_shared<bridge::loop_unit>(context, system);
  caf::actor handle = spawn();
  bridge::loop_actor* self =
      static_cast<bridge::loop_actor*>(caf::actor_cast<caf::abstract_actor*>(handle));

  caf::actor spawn() {
    caf::actor_config of{unit.get()};
    return system.spawn_class<bridge::loop_actor, caf::no_spawn_options>(of, unit);
  }
  /// Runs the loop until `done`, which another thread may make true only through this loop.
  void run_until(const bool& done) {
    context.restart();  // it stopped when it had nothing to do
    const auto guard = asio::make_work_guard(context);
    while (!done) context.run_one();
  }
};

using thread_id = std::thread::id;

/// Answers with the thread it runs on.
caf::behavior where(caf::event_based_actor*, thread_id* ran_on) {
  return {[ran_on](int number) {
    *ran_on = std::this_thread::get_id();
    return number + 1;
  }};
}

}  // namespace

TEST_CASE("an idle actor that is asked runs on the loop's thread, and its answer comes there") {
  running_loop loop;
  thread_id asked_on;
  thread_id answered_on;
  const auto other = loop.system.spawn(where, &asked_on);
  // It begins on the scheduler, and is idle after some of its answers.
  for (int round = 0; asked_on != std::this_thread::get_id() && round < 1000; ++round) {
    int answer = 0;
    bool done = false;
    loop.self->request(other, caf::infinite, round)
        .then(
            [&](int number) {
              answer = number;
              answered_on = std::this_thread::get_id();
              done = true;
            },
            [&](const caf::error&) { done = true; });
    loop.unit->run_woken();
    loop.run_until(done);
    CHECK(answer == round + 1);
    CHECK(answered_on == std::this_thread::get_id());
  }
  CHECK(asked_on == std::this_thread::get_id());
  loop.self->end();
  caf::anon_send_exit(other, caf::exit_reason::user_shutdown);
}

TEST_CASE("asking an actor that is gone is answered with an error") {
  running_loop loop;
  thread_id unused;
  const auto other = loop.system.spawn(where, &unused);
  caf::scoped_actor waiting(loop.system);
  waiting->monitor(other);
  caf::anon_send_exit(other, caf::exit_reason::user_shutdown);
  waiting->receive([](const caf::down_msg&) {});
  bool failed = false;
  loop.self->request(other, caf::infinite, 1)
      .then([](int) {}, [&](const caf::error&) { failed = true; });
  loop.unit->run_woken();
  loop.run_until(failed);
  REQUIRE(failed);
  loop.self->end();
}

TEST_CASE("an answer on its way when the loop ends is dropped, and nothing waits for it") {
  bool told = false;
  {
    running_loop loop;
    thread_id unused;
    const auto other = loop.system.spawn(where, &unused);
    loop.self->request(other, caf::infinite, 1)
        .then([&](int) { told = true; }, [&](const caf::error&) { told = true; });
    loop.unit->run_woken();
    caf::scoped_actor(loop.system)
        ->request(other, caf::infinite, 1)
        .receive([](int) {}, [](const caf::error&) {});
    loop.self->end();
    loop.context.poll();
    caf::anon_send_exit(other, caf::exit_reason::user_shutdown);
  }  // ends only if every actor has ended
  REQUIRE_FALSE(told);
}

TEST_CASE("what the loop never ran goes on elsewhere") {
  running_loop loop;
  thread_id ran_on;
  const auto other = loop.system.spawn(where, &ran_on);
  caf::scoped_actor asking(loop.system);
  asking->request(other, caf::infinite, 1).receive([](int) {}, [](const caf::error&) {});
  loop.self->request(other, caf::infinite, 1).then([](int) {}, [](const caf::error&) {});
  loop.self->end();  // without run_woken()
  asking->request(other, std::chrono::seconds(20), 1)
      .receive([](int) {}, [](const caf::error&) { FAIL("it was forgotten"); });
  caf::anon_send_exit(other, caf::exit_reason::user_shutdown);
}
