#include "actors/store/writer_worker.hpp"

#include <utility>

#include <caf/stateful_actor.hpp>

namespace keelson::store {

using namespace messages;

namespace {

maintenance_report keep_house(primary_keeper& keeper, std::int64_t now) {
  maintenance_report report{.given_up = keeper.give_up(now), .open = keeper.is_open()};
  if (!report.open) return report;
  if (auto done = keeper.maintain(); !done) report.problem = std::move(done).error();
  report.oldest = keeper.meta().oldest;
  return report;
}

error closed_error() {
  return {.code = errc::unavailable, .detail = "the primary is not open"};
}

}  // namespace

writer_worker::behavior_type run_writer_worker(
    writer_worker::stateful_pointer<writer_worker_state> self, primary_options options) {
  auto& keeper = self->state.keeper.emplace(std::move(options));
  return {
      [&keeper](start_atom) -> answer<open_report> { return keeper.open(); },
      [&keeper](write_atom, write_group& group) { return keeper.commit(std::move(group.parcels)); },
      [&keeper](witness_atom, const log_point& kept,
                const std::string& seen_by) -> answer<primary_keeper::testimony_report> {
        if (!keeper.is_open()) return closed_error();
        return keeper.testify(kept, seen_by);
      },
      [&keeper](tick_atom, std::int64_t now) { return keep_house(keeper, now); },
      [&keeper](closed_atom) { keeper.close(); },
      [self, &keeper](stop_atom) -> stopped_atom {
        keeper.close();
        self->quit();
        return stopped_atom::value;
      },
  };
}

}  // namespace keelson::store
