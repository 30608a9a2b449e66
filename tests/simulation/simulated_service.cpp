#include "tests/simulation/simulated_service.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <stdexcept>

namespace keelson::test {

using namespace messages;
using backends::call_kind;
using backends::fault_moment;

namespace {

constexpr std::string_view collection = "things";
constexpr auto quiet_time = std::chrono::seconds(40);

document_id id_of(const std::string& key) {
  return {collection_name::trusted(std::string(collection)), document_key::trusted(key)};
}

template <class Value>
Value must(answer<Value> reply) {
  if (!reply) throw std::runtime_error(reply.problem.detail);
  return std::move(reply.value);
}

}  // namespace

simulated_service::simulated_service(std::uint64_t seed, upheavals what, death_counts& died,
                                     mutation made_wrong)
    : random_(seed),
      what_(what),
      made_wrong_(made_wrong),
      primary_(made_wrong == mutation::syncs_late ? sync_habit::now_and_then : sync_habit::at_once),
      primary_faults_(std::make_shared<backends::fault_plan>(seed)),
      secondary_faults_(std::make_shared<backends::fault_plan>(seed + 1)) {
  auto folder = backends::data_folder::open(folder_.path());
  if (!folder) throw std::runtime_error(folder.error().detail);
  constexpr std::array<std::size_t, 3> rings{1500, 20'000, std::size_t{64} << 20};
  around_.emplace(
      surroundings{.world = world_,
                   .folder = std::make_shared<backends::data_folder>(*std::move(folder)),
                   .primary = primary_,
                   .secondary = secondary_,
                   .primary_faults = primary_faults_,
                   .secondary_faults = secondary_faults_,
                   .deaths = deaths_,
                   .died = died,
                   .random = [this] { return random_(); },
                   .ring_bytes = rings.at(draw(rings.size())),
                   .made_wrong = made_wrong});
  start_process();
  for (const auto* prefix : {"", "", "k1", "k2"}) {
    const change_filter filter{.collections = {}, .prefix = prefix};
    const auto name = std::to_string(subscribers_.size());
    subscribers_.emplace_back(subscriber_client(name, filter, history_, found_), random_(),
                              made_wrong);
  }
}

simulated_service::~simulated_service() {
  for (auto& each : subscribers_) each.cut_off();
  process_.reset();
}

void simulated_service::start_process() {
  secondary_at_ = point_of_secondary();
  consented_ = agreed_ = false;
  process_ = std::make_unique<simulated_process>(*around_, writes_, found_);
}

void simulated_service::step() {
  switch (draw(12)) {
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
    case 3:
      upheave();
      break;
    default:
      send_writes();
  }
  for (auto left = draw(200); left > 0 && world_.run_once(); --left) {
  }
  serve_subscribers();
  watch_secondary();
}

void simulated_service::upheave() {
  compare_secondary();
  constexpr std::size_t soon = 40;
  switch (draw(8)) {
    case 0:
    case 1:
      if (what_.deaths) {
        deaths_->strike_after(draw(soon),
                              draw(2) == 0 ? fault_moment::before : fault_moment::after);
      }
      break;
    case 2:
      copy_disks();
      break;
    case 3:
      if (what_.restarts) restart();
      break;
    case 4:
      if (what_.restores && !copies_.empty()) {
        return draw(2) == 0 ? put_back_while_down() : put_back_while_running();
      }
      break;
    case 5:
      look_after_secondary();
      break;
    default:
      ask_validator();
  }
}

void simulated_service::send_writes() {
  write_batch batch;
  const auto first = writes_.size();
  for (auto left = 1 + draw(6); left > 0; --left) {
    write_request request;
    request.context.request_id = std::to_string(writes_.size());
    const auto operations = draw(3) == 0 ? 2 + draw(4) : 1;
    auto key = draw(30);
    for (std::size_t i = 0; i < operations; ++i, key = (key + 1 + draw(4)) % 30) {
      auto& operation = request.operations.emplace_back();
      operation.id = id_of("k" + std::to_string(key));
      if (draw(4) == 0) {
        operation.op = write_op::remove;
        if (operations > 1) operation.if_unmet = unmet::skip;
      } else {
        operation.value = std::to_string(writes_.size() * 10 + i);
        operation.value_hash = hash_value(operation.value);
      }
    }
    batch.requests.push_back(std::move(request));
    writes_.push_back({.id = std::to_string(writes_.size())});
  }
  process_->write(std::move(batch), first);
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

void simulated_service::copy_disks() {
  constexpr std::size_t most = 4;
  if (copies_.size() == most)
    copies_.erase(copies_.begin() + static_cast<std::ptrdiff_t>(draw(most)));
  copies_.push_back({primary_.now(), secondary_.now()});
}

void simulated_service::ask_validator() {
  if (draw(3) == 0) {
    caf::anon_send(process_->parts().validator, verify_atom::value, verify_request{});
    return;
  }
  check_batch batch;
  for (std::size_t i = 0; i < 5; ++i) batch.ids.push_back(id_of("k" + std::to_string(draw(30))));
  caf::anon_send(process_->parts().validator, check_atom::value, batch);
}

void simulated_service::serve_subscribers() {
  process_->poll();
  for (auto& each : subscribers_) {
    for (auto left = draw(5); left > 0; --left) each.turn(process_->access());
  }
}

void simulated_service::heal() {
  primary_faults_->call_off();
  secondary_faults_->call_off();
  deaths_->call_off();
  world_.run();
  world_.advance(quiet_time);
  constexpr int rounds = 3;  // a rebuild may ask once more where its breaker stops it
  for (int i = 0; i < rounds && secondary().state == component_state::confirmation_required; ++i) {
    found_.expect(secondary_needs_consent(), "the secondary waits for consent without need");
    look_after_secondary();
    world_.advance(quiet_time);
    watch_secondary();
  }
  settle_subscribers();
}

void simulated_service::settle_subscribers() {
  constexpr int rounds = 3000;
  for (auto& each : subscribers_) {
    each.calm_down();
    for (int i = 0; i < rounds; ++i) {
      process_->poll();
      if (each.rests() || !each.turn(process_->access())) {
        if (each.rests()) break;
        world_.run();
      }
    }
    found_.expect(each.rests(), "a subscriber does not come to rest");
  }
}

std::vector<log_record> simulated_service::log() {
  const auto epochs = history_.meta().epochs;
  auto reply = world_.ask<answer<log_reply>>(
      process_->parts().reader, log_atom::value,
      log_request{.from = {{epochs.front().name, epochs.front().base}, epochs.front().chain},
                  .max_records = std::numeric_limits<std::uint32_t>::max(),
                  .max_bytes = std::numeric_limits<std::uint32_t>::max()});
  return must(std::move(reply)).group.records;
}

answer<replay_slice> simulated_service::feed() {
  const auto& feed = process_->parts().feed;
  auto from =
      world_.ask<answer<resolved>>(feed, resolve_atom::value, since{.what = since_kind::start});
  if (!from) return from.problem;
  return world_.ask<answer<replay_slice>>(
      feed, replay_atom::value,
      replay_request{.from = from.value.from, .max_changes = 1U << 20, .max_bytes = 1U << 30});
}

documents_by_key simulated_service::documents() {
  auto page = world_.ask<answer<list_page>>(
      process_->parts().reader, list_atom::value,
      list_request{.collection = collection_name::trusted(std::string(collection))});
  documents_by_key out;
  for (const auto& one : must(std::move(page)).documents) out[one.id.key.text()] = one.value;
  return out;
}

documents_by_key simulated_service::documents_of_secondary() const {
  auto page = secondary_.look_at_secondary()->scan({});
  if (!page) throw std::runtime_error(page.error().detail);
  documents_by_key out;
  for (const auto& one : page->documents) out[one.id.key.text()] = one.value;
  return out;
}

primary_status simulated_service::primary() {
  return world_.ask<primary_status>(process_->parts().writer, status_atom::value);
}

secondary_status simulated_service::secondary() {
  return world_.ask<secondary_status>(process_->parts().secondaries[0].replicator,
                                      status_atom::value);
}

validator_status simulated_service::validator() {
  return world_.ask<validator_status>(process_->parts().validator, status_atom::value);
}

verify_report simulated_service::verify() {
  const auto& validator = process_->parts().validator;
  const auto id =
      must(world_.ask<answer<std::string>>(validator, verify_atom::value, verify_request{}));
  world_.advance(std::chrono::seconds(2));
  return must(world_.ask<answer<verify_report>>(validator, report_atom::value, id));
}

}  // namespace keelson::test
