#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>
#include <catch2/catch.hpp>

namespace {

void written_by_two(int* to) {
  ++*to;
}
void written_after_sending(int* to) {
  ++*to;
}

/// Writes on a thread of its own, and ends.
template <void (*write)(int*)>
caf::behavior writer(caf::event_based_actor* self, int* to) {
  return {[self, to](caf::ok_atom) {
    write(to);
    self->quit();
  }};
}

}  // namespace

TEST_CASE("two actors write to one variable") {
  int shared = 0;
  {
    caf::actor_system_config config;
    caf::actor_system system(config);
    const auto one = system.spawn<caf::detached>(writer<written_by_two>, &shared);
    const auto other = system.spawn<caf::detached>(writer<written_by_two>, &shared);
    caf::anon_send(one, caf::ok_atom_v);
    caf::anon_send(other, caf::ok_atom_v);
  }  // when both have ended
  CHECK(shared > 0);
}

TEST_CASE("one who has sent a message writes to what the message leads to") {
  int shared = 0;
  {
    caf::actor_system_config config;
    caf::actor_system system(config);
    const auto one = system.spawn<caf::detached>(writer<written_after_sending>, &shared);
    written_after_sending(&shared);  // before: this is in order
    caf::anon_send(one, caf::ok_atom_v);
    written_after_sending(&shared);
  }
  CHECK(shared > 0);
}
