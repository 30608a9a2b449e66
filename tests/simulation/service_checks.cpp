#include "tests/simulation/service_checks.hpp"

#include <algorithm>
#include <exception>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace keelson::test {

using namespace messages;

namespace {

/// The log has no gap and no repeat but an epoch's, each commit continues the chain, and no time
/// goes back.
void check_log(const whole_log& log, findings& found) {
  const auto& epochs = log.meta.epochs;
  auto chain = epochs.front().chain;
  auto last = epochs.front().base;
  timestamp time;
  std::vector<log_record> commit;
  for (const auto& record : log.records) {
    const auto& name = log.meta.epoch_of(record.at);
    const auto epoch = std::ranges::find(epochs, name, &backends::epoch_entry::name);
    if (epoch->base > last) last = epoch->base;
    found.expect(record.at == last.next(), "the log has a gap after " + std::to_string(last.value));
    found.expect(!(record.time < time), "the log's time goes back");
    time = record.time;
    last = record.at;
    commit.push_back(record);
    if (record.ends_commit == 0) continue;
    chain = chain_next(chain, {commit.front().at.value - 1}, commit);
    found.expect(record.chain == chain, "the chain breaks at " + std::to_string(last.value));
    commit.clear();
  }
  found.expect(commit.empty(), "the log ends within a commit");
}

/// Where each request's changes stand in any log, by request id.
using places =
    std::map<std::string, std::set<position, bool (*)(const position&, const position&)>>;

bool before(const position& a, const position& b) {
  return a.at < b.at || (a.at == b.at && a.epoch < b.epoch);
}

void add_places(const whole_log& log, places& found) {
  for (const auto& record : log.records) {
    found.try_emplace(record.request_id, &before)
        .first->second.insert({log.meta.epoch_of(record.at), record.at});
  }
}

std::size_t changes_in(const write_receipt& receipt) {
  return static_cast<std::size_t>(std::ranges::count_if(receipt.outcomes, [](const auto& one) {
    return one.effect != write_effect::unchanged && one.effect != write_effect::checked;
  }));
}

/// Acknowledged writes stand at their position, refused ones nowhere; none has two answers.
void check_answers(const simulated_service& service, findings& found) {
  places written;
  for (const auto& log : service.history().lost()) add_places(log, written);
  add_places(service.history().present(), written);
  places present;
  add_places(service.history().present(), present);
  const auto epoch = service.history().meta().epoch().name;
  for (const auto& write : service.writes()) {
    const auto known = written.find(write.id);
    const auto count = known == written.end() ? 0 : known->second.size();
    if (!write.answer) {
      found.expect(write.cut, "write " + write.id + " has no answer");
      continue;
    }
    if (!*write.answer) {
      const bool may_stand = write.answer->problem.code == errc::outcome_unknown;
      found.expect(may_stand || count == 0, "write " + write.id + " was refused and stands");
      continue;
    }
    const auto& receipt = write.answer->value;
    const auto changes = changes_in(receipt);
    if (changes == 0) {
      found.expect(count == 0, "write " + write.id + " changed nothing and stands");
      continue;
    }
    found.expect(
        count == changes && known->second.contains(receipt.at),
        "write " + write.id + " was acknowledged and does not stand at " + receipt.at.text());
    found.expect(receipt.at.epoch != epoch || present.contains(write.id),
                 "write " + write.id + " is lost, and its epoch goes on");
  }
}

/// An epoch has one history: what was put back did not go on where another one had been. A write
/// that nobody was told of may be lost without a trace, and another one take its place.
void check_epochs(const simulated_service& service, findings& found) {
  std::set<std::string> told;
  for (const auto& write : service.writes()) {
    if (write.answer && *write.answer) told.insert(write.id);
  }
  std::map<sequence, std::string> requests;
  std::set<std::string> names;
  const auto look = [&](const whole_log& log) {
    for (const auto& epoch : log.meta.epochs) names.insert(epoch.name);
    for (const auto& record : log.records) {
      auto& known = requests.try_emplace(record.at, record.request_id).first->second;
      found.expect(known == record.request_id || !told.contains(known),
                   "two histories have change " + std::to_string(record.at.value));
      known = record.request_id;
    }
  };
  for (const auto& log : service.history().lost()) look(log);
  look(service.history().present());
  found.expect(names.size() <= 1 + service.lossy_restores(), "an epoch began without a loss");
}

/// What a store says of its size.
template <class Status>
void check_counts(const Status& told, const documents_by_key& state, const std::string& whose,
                  findings& found) {
  std::size_t bytes = 0;
  for (const auto& [key, value] : state) bytes += value.size();
  found.expect(told.documents == state.size() && told.bytes == bytes,
               "the " + whose + " miscounts: " + std::to_string(told.documents) + " documents, " +
                   std::to_string(told.bytes) + " bytes");
}

void check_secondary(simulated_service& service, const documents_by_key& state, findings& found) {
  const auto secondary = service.secondary();
  found.expect(
      secondary.state == component_state::live,
      "the secondary is " + std::string(to_string(secondary.state)) + ": " + secondary.reason);
  found.expect(secondary.applied == service.history().meta().end().at,
               "the secondary stands at " + secondary.applied.text());
  check_counts(secondary, state, "secondary", found);
  const bool equal = service.documents_of_secondary() == state;
  found.expect(equal, "the secondary is not equal");
  const auto report = service.verify();
  const bool said_equal = report.state == pass_state::equal;
  found.expect(said_equal || !equal, "the validator says of an equal secondary that it is " +
                                         std::string(to_string(report.state)));
  found.expect(!said_equal || equal,
               "the validator says of a different secondary that it is equal");
  found.expect(!said_equal || report.secondaries.at(0).counts.equal == state.size(),
               "the validator did not compare everything");
}

void check_feed(simulated_service& service, findings& found) {
  const auto& log = service.history().present();
  const auto feed = service.feed();
  if (log.meta.epochs.size() > 1) {
    found.expect(feed.problem.code == errc::history_lost, "the feed begins before its epoch");
  } else {
    found.expect(feed && feed.value.changes == log.records, "the feed is not the log");
  }
  for (auto& each : service.subscribers()) each.client().check_complete();
}

void check_service(simulated_service& service) {
  auto& found = service.found();
  const auto log = service.history().present();
  check_log(log, found);
  check_answers(service, found);
  check_epochs(service, found);
  const auto state = folded(log.records, {}, log.meta.last);
  found.expect(service.log() == log.records, "the reader's log is not the log");
  found.expect(service.documents() == state, "the documents are not what the log leaves");
  check_counts(service.primary(), state, "primary", found);
  const bool lossless = service.lossy_restores() == 0;
  found.expect(!lossless || service.validator().open_total == 0,
               "a difference was seen on the way");
  check_secondary(service, state, found);
  check_feed(service, found);
}

}  // namespace

findings run_simulation(std::uint64_t seed, upheavals what, death_counts& died,
                        mutation made_wrong) {
  simulated_service service(seed, what, died, made_wrong);
  constexpr int steps = 250;
  try {
    for (int i = 0; i < steps; ++i) service.step();
    service.heal();
    check_service(service);
  } catch (const std::exception& broken) {
    service.found().add(std::string("the simulation broke: ") + broken.what());
  }
  return service.found();
}

}  // namespace keelson::test
