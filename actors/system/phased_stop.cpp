#include "actors/system/phased_stop.hpp"

#include <caf/actor_system.hpp>
#include <caf/exit_reason.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <spdlog/spdlog.h>

namespace keelson::system {

namespace {

/// Asks all members at once, then waits for each.
bool stop_phase_cleanly(caf::scoped_actor& self, const stop_phase& phase) {
  using pending =
      decltype(self->request(phase.members.front(), phase.deadline, messages::stop_atom::value));
  std::vector<pending> answers;
  answers.reserve(phase.members.size());
  for (const auto& member : phase.members) {
    answers.push_back(self->request(member, phase.deadline, messages::stop_atom::value));
  }
  bool clean = true;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    answers[i].receive([](messages::stopped_atom) {},
                       [&](const caf::error&) {
                         clean = false;
                         caf::anon_send_exit(phase.members[i], caf::exit_reason::kill);
                       });
  }
  return clean;
}

}  // namespace

std::vector<std::string> stop_in_phases(caf::actor_system& system,
                                        const std::vector<stop_phase>& phases) {
  std::vector<std::string> unclean;
  caf::scoped_actor self(system);
  for (const auto& phase : phases) {
    if (phase.members.empty()) continue;
    if (stop_phase_cleanly(self, phase)) {
      spdlog::debug("component=system phase={} state=stopped", phase.name);
    } else {
      spdlog::error("component=system phase={} state=abandoned reason=\"no answer within {} ms\"",
                    phase.name, phase.deadline.count());
      unclean.push_back(phase.name);
    }
  }
  return unclean;
}

}  // namespace keelson::system
