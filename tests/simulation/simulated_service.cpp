#include "tests/simulation/simulated_service.hpp"

#include <stdexcept>

#include <caf/event_based_actor.hpp>

#include "backends/decorators/fault_injecting.hpp"

namespace keelson::test {

using namespace messages;
using backends::call_kind;
using backends::fault_moment;

namespace {

/// Sends writes and notes what came back; knows nothing else.
caf::behavior run_client(caf::event_based_actor* self, store::writer_front writer,
                         std::vector<sent_write>* writes) {
  return {[=](write_atom, const write_batch& batch, std::uint64_t first) {
    self->request(writer, caf::infinite, write_atom::value, batch)
        .then(
            [=](const write_receipts& receipts) {
              for (std::size_t i = 0; i < receipts.answers.size(); ++i) {
                (*writes)[first + i].answer = receipts.answers[i];
              }
            },
            [](const caf::error&) { throw std::logic_error("the writer gave no answer"); });
  }};
}

backends::store_location place(const char* role, std::uint64_t seed,
                               const std::filesystem::path& folder) {
  static std::uint64_t count = 0;
  return {"memory:" + std::string(role) + std::to_string(seed) + "-" + std::to_string(++count),
          folder};
}

constexpr std::string_view collection = "things";
constexpr auto quiet_time = std::chrono::seconds(40);

document_id id_of(const std::string& key) {
  return {collection_name::trusted(std::string(collection)), document_key::trusted(key)};
}

}  // namespace

simulated_service::simulated_service(std::uint64_t seed)
    : random_(seed),
      primary_faults_(std::make_shared<backends::fault_plan>(seed)),
      secondary_faults_(std::make_shared<backends::fault_plan>(seed + 1)) {
  auto data = backends::data_folder::open(folder_.path());
  if (!data) throw std::runtime_error(data.error().detail);
  system::assembly_options options;
  auto& primary = options.primary;
  primary.location = place("primary", seed, folder_.path());
  primary.folder = std::make_shared<backends::data_folder>(*std::move(data));
  primary.volatility = store::volatile_policy::allow;
  primary.now = [this] { return world_.wall_now(); };
  primary.random = [this] { return random_(); };
  primary.metrics = &metrics_;
  primary.decorate = [plan = primary_faults_](auto inner) {
    return backends::fault_injecting(std::move(inner), plan);
  };
  replicator::replicator_options secondary;
  secondary.worker.name = "kv";
  secondary.worker.location = place("kv", seed, folder_.path());
  secondary.worker.engine = *backends::engine_for(secondary.worker.location.url);
  secondary.worker.decorate = [plan = secondary_faults_](auto inner) {
    return backends::fault_injecting(std::move(inner), plan);
  };
  secondary.core.seed = seed;
  secondary.now = primary.now;
  options.secondaries.push_back(std::move(secondary));
  options.validator.secondaries.push_back({.name = "kv"});
  options.validator.metrics = &metrics_;
  options.threads = actors::worker_thread::shared;
  parts_ = system::assemble(world_.system, std::move(options));
  start_ = world_.ask<answer<log_point>>(parts_.writer, start_atom::value).value;
  client_ = world_.system.spawn(run_client, parts_.writer, &writes_);
}

simulated_service::~simulated_service() {
  primary_faults_->call_off();
  secondary_faults_->call_off();
  caf::anon_send_exit(client_, caf::exit_reason::user_shutdown);
  for (const auto& phase : system::stop_order(parts_)) {
    for (const auto& member : phase.members) {
      world_.ask<stopped_atom>(member, stop_atom::value);
    }
  }
}

void simulated_service::step() {
  switch (draw(10)) {
    case 0:
      break_something();
      break;
    case 1:
      world_.advance(std::chrono::milliseconds(50 + draw(3000)));
      break;
    case 2:
      primary_faults_->come_up();
      secondary_faults_->come_up();
      break;
    default:
      send_writes();
  }
  for (auto left = draw(200); left > 0 && world_.run_once(); --left) {
  }
}

void simulated_service::send_writes() {
  write_batch batch;
  const auto first = writes_.size();
  for (auto left = 1 + draw(6); left > 0; --left) {
    sent_write made{.key = "k" + std::to_string(draw(30)),
                    .value = std::to_string(writes_.size()),
                    .removes = draw(4) == 0};
    write_request request;
    auto& operation = request.operations.emplace_back();
    operation.id = id_of(made.key);
    request.context.request_id = made.value;
    if (made.removes) {
      operation.op = write_op::remove;
    } else {
      operation.value = made.value;
      operation.value_hash = hash_value(made.value);
    }
    batch.requests.push_back(std::move(request));
    writes_.push_back(std::move(made));
  }
  caf::anon_send(client_, write_atom::value, std::move(batch), std::uint64_t{first});
}

void simulated_service::break_something() {
  const auto moment = draw(2) == 0 ? fault_moment::before : fault_moment::after;
  const auto times = 1 + draw(3);
  switch (draw(8)) {
    case 0:
      primary_faults_->fail_next(call_kind::commit, times, errc::outcome_unknown, moment);
      break;
    case 1:
      primary_faults_->fail_next(call_kind::commit, 1, errc::storage_full);
      break;
    case 2:
      primary_faults_->fail_next(call_kind::read, times, errc::store_io);
      break;
    case 3:
      primary_faults_->go_down();
      break;
    case 4:
      secondary_faults_->fail_next(call_kind::apply, times, errc::store_io, moment);
      break;
    case 5:
      secondary_faults_->fail_next(call_kind::sync, times, errc::store_io, moment);
      break;
    case 6:
      secondary_faults_->fail_next(call_kind::read, times, errc::store_io);
      break;
    default:
      secondary_faults_->go_down();
  }
}

void simulated_service::heal() {
  primary_faults_->call_off();
  secondary_faults_->call_off();
  primary_faults_->come_up();
  secondary_faults_->come_up();
  world_.run();
  world_.advance(quiet_time);
}

std::vector<log_record> simulated_service::log() {
  auto reply = world_.ask<answer<log_reply>>(parts_.reader, log_atom::value,
                                             log_request{.from = start_, .max_records = 1U << 20});
  if (!reply) throw std::runtime_error(reply.problem.detail);
  return std::move(reply.value.group.records);
}

std::vector<log_record> simulated_service::feed() {
  auto from = world_.ask<answer<resolved>>(parts_.feed, resolve_atom::value,
                                           since{.what = since_kind::start});
  if (!from) throw std::runtime_error(from.problem.detail);
  auto slice = world_.ask<answer<replay_slice>>(
      parts_.feed, replay_atom::value,
      replay_request{.from = from.value.from, .max_changes = 1U << 20, .max_bytes = 1U << 30});
  if (!slice) throw std::runtime_error(slice.problem.detail);
  return std::move(slice.value.changes);
}

std::map<std::string, std::string> simulated_service::documents() {
  auto page = world_.ask<answer<list_page>>(
      parts_.reader, list_atom::value,
      list_request{.collection = collection_name::trusted(std::string(collection))});
  if (!page) throw std::runtime_error(page.problem.detail);
  std::map<std::string, std::string> out;
  for (const auto& one : page.value.documents) out[one.id.key.text()] = one.value;
  return out;
}

secondary_status simulated_service::secondary() {
  return world_.ask<secondary_status>(parts_.secondaries[0].replicator, status_atom::value);
}

verify_report simulated_service::verify() {
  const auto id =
      world_.ask<answer<std::string>>(parts_.validator, verify_atom::value, verify_request{});
  if (!id) throw std::runtime_error(id.problem.detail);
  world_.advance(std::chrono::seconds(2));
  return world_.ask<answer<verify_report>>(parts_.validator, report_atom::value, id.value).value;
}

}  // namespace keelson::test
