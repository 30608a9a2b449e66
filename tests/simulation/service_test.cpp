#include <cstdlib>
#include <set>
#include <string>

#include <catch2/catch.hpp>

#include "protocols/model/log_record.hpp"
#include "tests/simulation/simulated_service.hpp"

using namespace keelson;
using namespace keelson::test;

namespace {

/// The log has no gap and no repeat, each commit continues the chain, and no time goes back.
void check_log(const std::vector<log_record>& log, const log_point& start) {
  auto chain = start.chain;
  auto last = start.at.at;
  std::vector<log_record> commit;
  for (const auto& record : log) {
    REQUIRE(record.at == last.next());
    last = record.at;
    commit.push_back(record);
    if (record.ends_commit == 0) continue;
    chain = chain_next(chain, {commit.front().at.value - 1}, commit);
    REQUIRE(record.chain == chain);
    commit.clear();
  }
  REQUIRE(commit.empty());
}

/// Acknowledged writes stand at their position, refused ones nowhere, unknown ones at most once.
void check_answers(const std::vector<sent_write>& writes, const std::vector<log_record>& log) {
  std::map<std::string, std::vector<sequence>> found;  // by request id
  for (const auto& record : log) found[record.request_id].push_back(record.at);
  for (const auto& write : writes) {
    REQUIRE(write.answer);  // G9: every request gets exactly one answer
    const auto& places = found[write.value];
    if (*write.answer) {
      REQUIRE(places == std::vector{write.answer->value.at.at});
    } else if (write.answer->problem.code == errc::outcome_unknown) {
      REQUIRE(places.size() <= 1);
    } else {
      REQUIRE(places.empty());
    }
  }
}

std::map<std::string, std::string> folded(const std::vector<log_record>& log) {
  std::map<std::string, std::string> state;
  for (const auto& record : log) {
    if (record.op == change_op::put) {
      state[record.id.key.text()] = record.value;
    } else {
      state.erase(record.id.key.text());
    }
  }
  return state;
}

void run(std::uint64_t seed) {
  INFO("KEELSON_SEED=" << seed);
  simulated_service service(seed);
  constexpr int steps = 250;
  for (int i = 0; i < steps; ++i) service.step();
  service.heal();
  const auto log = service.log();
  check_log(log, service.start());
  check_answers(service.writes(), log);
  const auto state = folded(log);
  REQUIRE(service.documents() == state);
  REQUIRE(service.feed().size() == log.size());
  const auto secondary = service.secondary();
  INFO("secondary: " << to_string(secondary.state) << " " << secondary.reason);
  REQUIRE(secondary.state == messages::component_state::live);
  REQUIRE(secondary.applied.at == (log.empty() ? service.start().at.at : log.back().at));
  const auto report = service.verify();
  REQUIRE(to_string(report.state) == "equal");
  REQUIRE(report.secondaries.at(0).counts.equal == state.size());
}

}  // namespace

TEST_CASE("the whole service keeps its guarantees over stores that fail at random") {
  if (const char* seed = std::getenv("KEELSON_SEED")) {
    run(std::stoull(seed));
    return;
  }
  const bool full = std::getenv("KEELSON_FULL") != nullptr;
  const std::uint64_t seeds = full ? 5000 : 60;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) run(seed);
}
