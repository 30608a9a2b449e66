#include <map>

#include <catch2/catch.hpp>

#include "tests/unit/store/planner_support.hpp"

using namespace keelson;
using namespace keelson::test;
using keelson::messages::precondition;
using keelson::messages::unmet;
using keelson::messages::write_effect;

namespace {

/// A primary reduced to what the planner sees: groups are planned and taken over at once.
class planned_primary {
 public:
  planned_primary() {
    meta.log_id = "log";
    meta.chain = chain_start(meta.log_id);
    meta.oldest_chain = meta.chain;
    meta.epochs.push_back({"aaaaaaaa", {0}, meta.chain});
  }

  store::planned_group run(std::vector<messages::write_request> requests) {
    const auto wanted = store::rows_wanted(requests);
    store::found_rows found;
    for (std::size_t i = 0; i < wanted.documents.size(); ++i) {
      const auto there = documents.find(wanted.documents[i]);
      const bool any = there != documents.end();
      const auto stored = any ? there->second : document{};
      found.heads.push_back({stored.version, stored.hash, stored.value.size()});
      found.values.push_back(wanted.whole[i] ? stored.value : std::string());
    }
    for (const auto& key : wanted.system_keys) {
      const auto there = system.find(key);
      found.system.push_back(there == system.end() ? std::nullopt : std::optional(there->second));
    }
    store::aged_answers aged{.now = ages.value_or(now)};
    for (const auto& [key, value] : system) {
      if (key.starts_with(store::idempotency_age_prefix)) aged.rows.push_back({key, value});
    }
    auto plan = store::plan_group(requests, wanted, found, meta, now, aged, limits);
    REQUIRE(plan);
    for (const auto& row : plan->rows) {
      if (row.op == change_op::remove) {
        documents.erase(*row.id);
      } else {
        documents[*row.id] = {*row.id,  row.version,           row.time,
                              row.hash, std::string(row.meta), std::string(row.value)};
      }
    }
    for (const auto& row : plan->system) {
      if (row.value) {
        system[row.key] = *row.value;
      } else {
        system.erase(row.key);
      }
    }
    meta = plan->next;
    return *std::move(plan);
  }

  std::map<document_id, document> documents;
  std::map<std::string, std::string> system;
  backends::primary_meta meta;
  timestamp now{1'000'000};
  std::optional<timestamp> ages;  ///< where another clock than `now` judges what is old
  store::planner_limits limits;
};

errc code_of(const messages::answer<messages::write_receipt>& answer) {
  REQUIRE(!answer);
  return answer.problem.code;
}

}  // namespace

TEST_CASE("a put creates, a second one replaces, and each gets the next sequence") {
  planned_primary primary;
  const auto first = primary.run({request({put("a", "1")}), request({put("a", "2")})});
  REQUIRE(first.answers[0].value.outcomes[0].effect == write_effect::created);
  REQUIRE(first.answers[0].value.at.text() == "aaaaaaaa:1");
  REQUIRE(first.answers[1].value.outcomes[0].effect == write_effect::replaced);
  REQUIRE(first.answers[1].value.outcomes[0].now.value == 2);
  REQUIRE(first.records.size() == 2);
  REQUIRE(first.rows.size() == 1);  // only the last state of a document is written
  REQUIRE(primary.documents.at(id("a")).value == "2");
  REQUIRE(primary.meta.documents == 1);
  REQUIRE(primary.meta.bytes == 1);
}

TEST_CASE("records carry both hashes, the sizes and a chain that continues over groups") {
  planned_primary primary;
  const auto start = primary.meta.chain;
  const auto one = primary.run({request({put("a", "[1]"), put("b", "[2]")})});
  REQUIRE(one.records[0].ends_commit == 0);
  REQUIRE(one.records[0].chain.is_zero());
  REQUIRE(one.records[1].ends_commit == 1);
  REQUIRE(one.records[1].chain == chain_next(start, {0}, one.records));
  const auto two = primary.run({request({put("a", "[10]")}), request({drop("a")})});
  REQUIRE(two.records[0].hash_before == one.records[0].hash_after);
  REQUIRE(two.records[0].bytes_before == 3);
  REQUIRE(two.records[0].previous.value == 1);
  REQUIRE(two.records[1].hash_before == two.records[0].hash_after);
  REQUIRE(two.records[1].hash_after.is_zero());
  REQUIRE(two.from.chain == one.records[1].chain);
  REQUIRE(primary.meta.documents == 1);
  REQUIRE(primary.meta.bytes == 3);
  REQUIRE(computed_hash(primary.documents.at(id("b"))) == one.records[1].hash_after);
}

TEST_CASE("preconditions decide over what the requests before have done") {
  planned_primary primary;
  const auto plan = primary.run({request({when(put("a", "1"), precondition::missing)}),
                                 request({when(put("a", "2"), precondition::missing)}),
                                 request({when(put("a", "3"), precondition::version_is, 1)}),
                                 request({when(put("a", "4"), precondition::version_is, 1)}),
                                 request({when(put("b", "5"), precondition::exists)})});
  REQUIRE(plan.answers[0]);
  REQUIRE(code_of(plan.answers[1]) == errc::precondition_failed);
  REQUIRE(plan.answers[1].problem.present_version == 1);
  REQUIRE(plan.answers[2]);
  REQUIRE(code_of(plan.answers[3]) == errc::precondition_failed);
  REQUIRE(plan.answers[3].problem.present_version == 2);
  REQUIRE(code_of(plan.answers[4]) == errc::precondition_failed);
  REQUIRE(plan.answers[4].problem.present_version == 0);
  REQUIRE(primary.documents.at(id("a")).value == "3");
  REQUIRE(primary.meta.last.value == 2);
}

TEST_CASE("a batch is all or nothing and later operations see earlier ones") {
  planned_primary primary;
  const auto plan = primary.run(
      {request({put("a", "1"), when(put("a", "2"), precondition::version_is, 1), drop("a"),
                put("c", "3")}),
       request({put("x", "1"), put("a", "9"), when(put("c", "4"), precondition::version_is, 77)}),
       request({put("y", "1")})});
  REQUIRE(plan.answers[0]);
  REQUIRE(code_of(plan.answers[1]) == errc::precondition_failed);
  REQUIRE(plan.answers[1].problem.index == 2);
  REQUIRE(plan.answers[2].value.at.at.value == 5);  // the failed batch took no sequence
  REQUIRE(primary.documents.contains(id("c")));
  REQUIRE(!primary.documents.contains(id("a")));
  REQUIRE(!primary.documents.contains(id("x")));
  REQUIRE(primary.meta.documents == 2);
}

TEST_CASE("a failed batch gives its values back, so that it can be decided again") {
  planned_primary primary;
  std::vector requests{request({put("a", "[1,2,3]"), when(put("b", "1"), precondition::exists)}),
                       request({put("c", "[4,5,6]")})};
  const auto wanted = store::rows_wanted(requests);
  const store::found_rows nothing{
      .heads = {3, store::document_head{}}, .values = {3, ""}, .system = {1, std::nullopt}};
  auto plan = store::plan_group(requests, wanted, nothing, primary.meta, primary.now, {}, {});
  REQUIRE(plan);
  REQUIRE(requests[0].operations[0].value == "[1,2,3]");
  REQUIRE(requests[1].operations[0].value.empty());
  store::restore_values(*plan, requests);
  REQUIRE(requests[1].operations[0].value == "[4,5,6]");
}

TEST_CASE("removing what is not there fails alone, or is no change where that is asked for") {
  planned_primary primary;
  const auto plan =
      primary.run({request({drop("a")}), request({drop("a", unmet::skip)}),
                   request({put("a", "1")}), request({drop("a")}), request({patch("a", "{}")})});
  REQUIRE(code_of(plan.answers[0]) == errc::not_found);
  REQUIRE(plan.answers[1].value.outcomes[0].effect == write_effect::unchanged);
  REQUIRE(plan.answers[1].value.at.at.value == 0);
  REQUIRE(plan.answers[3].value.outcomes[0].effect == write_effect::removed);
  REQUIRE(code_of(plan.answers[4]) == errc::not_found);
  REQUIRE(plan.records.size() == 2);
  REQUIRE(plan.rows.size() == 1);
  REQUIRE(primary.documents.empty());
}

TEST_CASE("the version of a document never repeats, also after delete and re-create") {
  planned_primary primary;
  primary.run({request({put("a", "1")}), request({drop("a")})});
  const auto plan = primary.run({request({put("a", "1")})});
  REQUIRE(plan.answers[0].value.outcomes[0].effect == write_effect::created);
  REQUIRE(plan.answers[0].value.outcomes[0].now.value == 3);
}

TEST_CASE("patches merge with the value that the group has made so far") {
  planned_primary primary;
  const auto plan = primary.run(
      {request({put("a", R"({"x":1,"y":2})")}), request({patch("a", R"({"y":null,"z":3})")})});
  REQUIRE(plan.answers[1].value.outcomes[0].effect == write_effect::replaced);
  REQUIRE(primary.documents.at(id("a")).value == R"({"x":1,"z":3})");
  REQUIRE(computed_hash(primary.documents.at(id("a"))) == plan.records[1].hash_after);
  primary.limits.value_bytes = 10;
  const auto large = primary.run({request({patch("a", R"({"w":"0123456789"})")})});
  REQUIRE(code_of(large.answers[0]) == errc::too_large);
}

TEST_CASE("checks alone change nothing and answer the present position") {
  planned_primary primary;
  primary.run({request({put("a", "1")})});
  const auto plan = primary.run({request({when(check("a"), precondition::version_is, 1)}),
                                 request({when(check("b"), precondition::version_is, 1)})});
  REQUIRE(plan.answers[0].value.at.at.value == 1);
  REQUIRE(plan.answers[0].value.outcomes[0].now.value == 1);
  REQUIRE(code_of(plan.answers[1]) == errc::precondition_failed);
  REQUIRE(!plan.changes_something());
}

TEST_CASE("an idempotency key gives the first answer again and has one effect") {
  planned_primary primary;
  const auto first = primary.run({request({put("a", "1")}, "k"), request({put("a", "1")}, "k")});
  REQUIRE(first.records.size() == 1);
  REQUIRE(first.answers[1].value.at == first.answers[0].value.at);
  REQUIRE(first.answers[1].value.repeated_key == "a");
  primary.run({request({put("a", "2")})});
  const auto again = primary.run({request({put("a", "1")}, "k"), request({put("a", "7")}, "k")});
  REQUIRE(again.answers[0].value.at == first.answers[0].value.at);
  REQUIRE(again.answers[0].value.outcomes[0].effect == write_effect::created);
  REQUIRE(code_of(again.answers[1]) == errc::idempotency_mismatch);
  REQUIRE(primary.documents.at(id("a")).value == "2");
}

TEST_CASE("answers that changed nothing are not kept under their key") {
  planned_primary primary;
  primary.run({request({drop("a")}, "k")});
  primary.run({request({put("a", "1")})});
  const auto plan = primary.run({request({drop("a")}, "k")});
  REQUIRE(plan.answers[0].value.outcomes[0].effect == write_effect::removed);
}

TEST_CASE("kept answers go when there are too many or when they are too old") {
  planned_primary primary;
  primary.limits.answers = 2;
  for (const auto* key : {"k1", "k2", "k3", "k4"}) primary.run({request({put("a", "1")}, key)});
  REQUIRE(!primary.system.contains(store::idempotency_row("anonymous", "k1")));
  REQUIRE(!primary.system.contains(store::idempotency_row("anonymous", "k2")));
  REQUIRE(primary.system.contains(store::idempotency_row("anonymous", "k3")));
  primary.now.microseconds += primary.limits.answer_age_microseconds + 1;
  primary.run({request({put("a", "1")}, "k5")});
  REQUIRE(!primary.system.contains(store::idempotency_row("anonymous", "k4")));
  REQUIRE(primary.system.contains(store::idempotency_row("anonymous", "k5")));
}

TEST_CASE("kept answers are judged by a clock of their own") {
  planned_primary primary;
  primary.ages = primary.now;
  primary.run({request({put("a", "1")}, "k1")});
  primary.now.microseconds += 2 * primary.limits.answer_age_microseconds;
  primary.run({request({put("a", "1")}, "k2")});
  REQUIRE(primary.system.contains(store::idempotency_row("anonymous", "k1")));
}

TEST_CASE("time never goes back within a log") {
  planned_primary primary;
  primary.run({request({put("a", "1")})});
  primary.now.microseconds = 5;
  const auto plan = primary.run({request({put("b", "1")})});
  REQUIRE(plan.records[0].time.microseconds == 1'000'000);
}

TEST_CASE("collections are counted one by one") {
  planned_primary primary;
  auto other = put("a", "22");
  other.id = id("a", "rivers");
  primary.run({request({put("a", "1"), put("b", "1"), other}), request({drop("b")})});
  const auto cities = store::decode_counts(primary.system.at("collection/cities"));
  const auto rivers = store::decode_counts(primary.system.at("collection/rivers"));
  REQUIRE(cities->documents == 1);
  REQUIRE(cities->bytes == 1);
  REQUIRE(rivers->documents == 1);
  REQUIRE(rivers->bytes == 2);
}
