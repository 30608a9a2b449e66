#include "tests/simulation/simulated_process.hpp"

#include <stdexcept>
#include <utility>

#include <caf/event_based_actor.hpp>

#include "backends/decorators/fault_injecting.hpp"
#include "tests/simulation/mutated_store.hpp"

namespace keelson::test {

using namespace messages;

namespace {

/// Sends writes and notes what came back; knows nothing else.
caf::behavior run_client(caf::event_based_actor* self, store::writer_front writer,
                         std::vector<sent_write>* writes, findings* found) {
  return {[=](write_atom, const write_batch& batch, std::uint64_t first) {
    self->request(writer, caf::infinite, write_atom::value, batch)
        .then(
            [=](const write_receipts& receipts) {
              for (std::size_t i = 0; i < receipts.answers.size(); ++i) {
                auto& answer = (*writes)[first + i].answer;
                found->expect(!answer, "a write was answered twice");
                answer = receipts.answers[i];
              }
            },
            [=](const caf::error&) { found->add("the writer gave no answer"); });
  }};
}

template <class Value>
Value must(result<Value> made) {
  if (!made) throw std::runtime_error(made.error().detail);
  return *std::move(made);
}

}  // namespace

/// The ways to the disks of one process; its workers may outlive it by some messages.
struct simulated_process::lines {
  explicit lines(const surroundings& around) : in(around) {}

  [[nodiscard]] std::shared_ptr<backends::store> primary(backends::store& marked) {
    // What the engine opened is empty and says under which log's id.
    const auto meta = must(must(marked.open_primary_reader())->meta());
    const backends::ownership owner{meta.log_id, backends::store_role::primary,
                                    std::string(actors::primary_name)};
    auto opened = must(in.primary.open(owner, meta.epoch().name));
    return fault_injecting(wrapped(std::move(opened), to_primary), in.primary_faults);
  }
  [[nodiscard]] std::shared_ptr<backends::store> secondary(const std::string& name) {
    const backends::ownership owner{must(in.folder->log_id()).value(),
                                    backends::store_role::secondary, name};
    auto opened = must(in.secondary.open(owner, {}));
    return fault_injecting(wrapped(std::move(opened), to_secondary), in.secondary_faults);
  }
  [[nodiscard]] std::shared_ptr<backends::store> wrapped(std::shared_ptr<backends::store> opened,
                                                         std::shared_ptr<store_line> line) const {
    auto wrong = mutated(std::move(opened), in.made_wrong, in.random());
    return strained(std::move(wrong), in.deaths, std::move(line));
  }

  surroundings in;
  std::shared_ptr<store_line> to_primary = std::make_shared<store_line>();
  std::shared_ptr<store_line> to_secondary = std::make_shared<store_line>();
};

simulated_process::simulated_process(const surroundings& in, std::vector<sent_write>& writes,
                                     findings& found)
    : in_(in), found_(found), lines_(std::make_shared<lines>(in)) {
  parts_ = system::assemble(in_.world.system, options());
  outlet_ = std::make_unique<bridge::feed_outlet>(loop_, parts_.ring);
  client_ = in_.world.system.spawn(run_client, parts_.writer, &writes, &found);
  runner_ = in_.world.system.spawn(run_errands);
  std::ignore = in_.world.ask<answer<log_point>>(parts_.writer, start_atom::value);
}

simulated_process::~simulated_process() {
  if (running_) kill();
}

system::assembly_options simulated_process::options() {
  const auto now = [&world = in_.world] { return world.wall_now(); };
  system::assembly_options options;
  auto& primary = options.primary;
  primary.location = {"memory:", in_.folder->path()};
  primary.folder = in_.folder;
  primary.volatility = store::volatile_policy::allow;
  primary.now = now;
  primary.ages = now;
  primary.random = in_.random;
  primary.metrics = &metrics_;
  primary.restarts = metrics::counter(&in_.died.writers);
  primary.decorate = [to = lines_](const auto& inner) { return to->primary(*inner); };
  replicator::replicator_options secondary;
  secondary.worker.name = "kv";
  secondary.worker.location = {"memory:", in_.folder->path()};
  secondary.worker.engine = must(backends::engine_for(secondary.worker.location.url));
  secondary.worker.decorate = [to = lines_, name = secondary.worker.name](const auto&) {
    return to->secondary(name);
  };
  secondary.core.seed = in_.random();
  if (in_.random() % 2 == 0) secondary.core.gather = {};
  secondary.now = now;
  secondary.restarts = metrics::counter(&in_.died.replicators);
  options.secondaries.push_back(std::move(secondary));
  options.validator.secondaries.push_back({.name = "kv"});
  options.validator.metrics = &metrics_;
  options.validator.restarts = metrics::counter(&in_.died.comparers);
  options.reader_restarts = metrics::counter(&in_.died.readers);
  options.ring_bytes = in_.ring_bytes;
  options.threads = actors::worker_thread::shared;
  return options;
}

void simulated_process::write(write_batch batch, std::size_t first) {
  caf::anon_send(client_, write_atom::value, std::move(batch), std::uint64_t{first});
}

void simulated_process::cut_primary_line() {
  lines_->to_primary->cut = true;
  lines_->to_primary = std::make_shared<store_line>();
}

void simulated_process::stop() {
  in_.world.run();
  for (const auto& phase : system::stop_order(parts_)) {
    for (const auto& member : phase.members) {
      in_.world.ask<stopped_atom>(member, stop_atom::value);
    }
  }
  end();
}

void simulated_process::kill() {
  lines_->to_primary->cut = lines_->to_secondary->cut = true;
  const auto end_at_once = [](const auto& actor) {
    caf::anon_send_exit(actor, caf::exit_reason::kill);
  };
  end_at_once(client_);
  end_at_once(runner_);
  for (const auto& phase : system::stop_order(parts_)) {
    for (const auto& member : phase.members) end_at_once(member);
  }
  end();
}

void simulated_process::end() {
  running_ = false;
  caf::anon_send_exit(client_, caf::exit_reason::kill);
  caf::anon_send_exit(runner_, caf::exit_reason::kill);
  in_.world.run();
}

}  // namespace keelson::test
