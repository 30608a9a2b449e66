#include "actors/store/writer_front.hpp"

#include <caf/event_based_actor.hpp>
#include <catch2/catch.hpp>

#include "actors/store/reader_front.hpp"
#include "backends/decorators/fault_injecting.hpp"
#include "metrics/registry.hpp"
#include "tests/support/virtual_system.hpp"
#include "tests/unit/metrics/exposition.hpp"
#include "tests/unit/store/planner_support.hpp"

using namespace keelson;
using namespace keelson::test;
using namespace keelson::messages;

namespace {

/// A primary in memory with its two fronts and somebody who follows.
struct running_primary {
  explicit running_primary(const temporary_folder& folder, std::string url = "memory:front",
                           store::write_queue_limits queue = {},
                           store::retention_limits retention = {})
      : follower(world.system.spawn(run_follower, &groups, &breaks, &trimmed)) {
    auto data = backends::data_folder::open(folder.path());
    REQUIRE(data);
    options.location = {std::move(url), folder.path()};
    options.folder = std::make_shared<backends::data_folder>(*std::move(data));
    options.volatility = store::volatile_policy::allow;
    options.metrics = &metrics;
    options.queue = queue;
    options.retention = retention;
    options.decorate = [plan = faults](auto inner) {
      return backends::fault_injecting(std::move(inner), plan);
    };
    options.now = [this] {
      if (clock_breaks) throw std::runtime_error("the clock is broken");
      return world.wall_now();
    };
    options.ages = [this] { return world.wall_now(); };
    options.random = [this] { return random(); };
    writer = world.system.spawn(store::run_writer_front, options, actors::worker_thread::shared);
    reader = world.system.spawn(store::run_reader_front, store::reader_options{},
                                actors::worker_thread::shared);
    caf::anon_send(writer, follow_atom::value, follower);
    caf::anon_send(writer, follow_atom::value, caf::actor_cast<actors::store_user>(reader));
  }
  ~running_primary() {
    world.ask<stopped_atom>(writer, stop_atom::value);
    world.ask<stopped_atom>(reader, stop_atom::value);
    caf::anon_send_exit(follower, caf::exit_reason::user_shutdown);
    world.run();
  }

  static actors::primary_follower::behavior_type run_follower(
      actors::primary_follower::pointer, std::vector<actors::group_ref>* groups,
      std::vector<actors::history_break>* breaks, std::vector<sequence>* trimmed) {
    return {[](opened_atom, const actors::opened_store&) {}, [](closed_atom, const std::string&) {},
            [groups](commit_atom, const actors::group_ref& group) { groups->push_back(group); },
            [trimmed](trimmed_atom, sequence to) { trimmed->push_back(to); },
            [breaks](replace_atom, const actors::history_break& one) { breaks->push_back(one); }};
  }

  answer<log_point> start() { return world.ask<answer<log_point>>(writer, start_atom::value); }
  write_receipts write(std::vector<write_request> requests) {
    return world.ask<write_receipts>(writer, write_atom::value, write_batch{std::move(requests)});
  }
  get_reply get(std::string_view key) {
    auto replies =
        world.ask<get_replies>(reader, get_atom::value, get_batch{{get_request{.id = id(key)}}});
    REQUIRE(replies.answers.at(0));
    return replies.answers[0].value;
  }

  /// A sample by its name with its labels.
  double shown(const std::string& sample) const {
    return metrics_tests::samples(metrics).at(sample);
  }

  metrics::registry metrics;
  std::shared_ptr<backends::fault_plan> faults = std::make_shared<backends::fault_plan>();
  virtual_system world;
  std::mt19937_64 random{7};
  bool clock_breaks = false;  ///< an exception in the midst of a group
  std::vector<actors::group_ref> groups;
  std::vector<actors::history_break> breaks;
  std::vector<sequence> trimmed;
  store::primary_options options;
  actors::primary_follower follower;
  store::writer_front writer;
  store::reader_front reader;
};

std::string memory_place() {
  static int count = 0;
  return "memory:front" + std::to_string(++count);
}

}  // namespace

TEST_CASE("what was written is read, and followers hear of it in order") {
  const temporary_folder folder;
  running_primary primary(folder, memory_place());
  REQUIRE(primary.start());
  const auto receipts = primary.write({request({put("a", "1")}), request({put("b", "2")})});
  REQUIRE(receipts.answers.size() == 2);
  REQUIRE(receipts.answers[1].value.at.at.value == 2);
  primary.write({request({put("a", "3")})});
  const auto read = primary.get("a");
  REQUIRE(read.document.value.value == "3");
  REQUIRE(read.at.at.value == 3);
  REQUIRE(primary.groups.size() == 2);
  REQUIRE(primary.groups[1]->from == primary.groups[0]->to);
  REQUIRE(primary.groups[1]->records[0].hash_before == primary.groups[0]->records[0].hash_after);
}

TEST_CASE("before it is opened and after it is stopped the writer answers unavailable") {
  const temporary_folder folder;
  running_primary primary(folder, memory_place());
  REQUIRE(primary.write({request({put("a", "1")})}).answers[0].problem.code == errc::unavailable);
}

TEST_CASE("the log is read from a point, and a point that is not in it is refused") {
  const temporary_folder folder;
  running_primary primary(folder, memory_place());
  const auto start = primary.start();
  primary.write({request({put("a", "1"), put("b", "1")}), request({put("c", "1")})});
  const auto all = primary.world.ask<answer<log_reply>>(primary.reader, log_atom::value,
                                                        log_request{.from = start.value});
  REQUIRE(all.value.group.records.size() == 3);
  REQUIRE(all.value.group.to == primary.groups.back()->to);
  auto wrong = primary.groups.front()->to;
  wrong.chain.bytes[0] ^= 1;
  const auto refused = primary.world.ask<answer<log_reply>>(primary.reader, log_atom::value,
                                                            log_request{.from = wrong});
  REQUIRE(refused.problem.code == errc::wrong_position);
  wrong = {{start.value.at.epoch, {99}}, {}};
  const auto beyond = primary.world.ask<answer<log_reply>>(primary.reader, log_atom::value,
                                                           log_request{.from = wrong});
  REQUIRE(beyond.problem.code == errc::wrong_position);
}

TEST_CASE("a point of a lost branch begins one new epoch, and only one") {
  const temporary_folder folder;
  running_primary primary(folder, memory_place());
  const auto start = primary.start();
  primary.write({request({put("a", "1")})});
  log_point lost{{start.value.at.epoch, {500}}, {}};
  lost.chain.bytes[5] = 9;
  for (int i = 0; i < 2; ++i) {
    const auto told = primary.world.ask<answer<actors::testimony_result>>(
        primary.writer, witness_atom::value, lost, std::string("kv"));
    REQUIRE(told);
    REQUIRE(told.value.verdict == actors::testimony::lost);
    REQUIRE(told.value.end.at.at.value == 500 + epoch_distance);
    REQUIRE(told.value.end.at.epoch != start.value.at.epoch);
  }
  REQUIRE(primary.breaks.size() == 1);
  REQUIRE(primary.breaks[0].why.known.at == lost.at);
  const auto status = primary.world.ask<primary_status>(primary.writer, status_atom::value);
  REQUIRE(status.replaced.size() == 1);
  REQUIRE(status.oldest.at.value == 500 + epoch_distance);
  const auto receipts = primary.write({request({put("a", "2")})});
  REQUIRE(receipts.answers[0].value.at.at.value == 501 + epoch_distance);
  const auto known = primary.world.ask<answer<actors::testimony_result>>(
      primary.writer, witness_atom::value, primary.groups[0]->to, std::string("kv"));
  REQUIRE(known.value.verdict == actors::testimony::known);
}

TEST_CASE("a primary that forgot what the folder remembers begins a new epoch at its start") {
  const temporary_folder folder;
  position before;
  {
    running_primary primary(folder, memory_place());
    primary.start();
    before = primary.write({request({put("a", "1")})}).answers[0].value.at;
  }
  running_primary primary(folder, memory_place());  // another place: the data is gone
  const auto start = primary.start();
  REQUIRE(start);
  REQUIRE(start.value.at.at.value == before.at.value + epoch_distance);
  REQUIRE(primary.breaks.size() == 1);
}

TEST_CASE("an epoch that a broken attempt has begun is announced by the next one") {
  const temporary_folder folder;
  {
    running_primary primary(folder, memory_place());
    primary.start();
    primary.write({request({put("a", "1")})});
  }
  running_primary primary(folder, memory_place());  // another place: the data is gone
  primary.faults->fail_next(backends::call_kind::commit, 1, errc::outcome_unknown,
                            backends::fault_moment::after);
  REQUIRE(!primary.start());
  REQUIRE(primary.breaks.empty());
  primary.world.advance(std::chrono::seconds(5));
  REQUIRE(primary.breaks.size() == 1);
  const auto status = primary.world.ask<primary_status>(primary.writer, status_atom::value);
  REQUIRE(status.replaced.size() == 1);
  REQUIRE(status.at == primary.breaks[0].end.at);
}

TEST_CASE("a new epoch whose writing was not answered is found and announced once") {
  const temporary_folder folder;
  running_primary primary(folder, memory_place());
  const auto start = primary.start();
  const log_point lost{{start.value.at.epoch, {500}}, {}};
  const auto testify = [&] {
    return primary.world.ask<answer<actors::testimony_result>>(primary.writer, witness_atom::value,
                                                               lost, std::string("kv"));
  };
  primary.faults->fail_next(backends::call_kind::commit, 1, errc::outcome_unknown,
                            backends::fault_moment::after);
  REQUIRE(!testify());
  primary.world.advance(std::chrono::seconds(5));
  const auto told = testify();
  REQUIRE(told.value.verdict == actors::testimony::lost);
  REQUIRE(primary.breaks.size() == 1);
  REQUIRE(told.value.end == primary.breaks[0].end);
}

TEST_CASE("after a trim whose answer was lost the log says where it begins") {
  const temporary_folder folder;
  running_primary primary(folder, memory_place(), {}, {.age_microseconds = 0, .changes = 2});
  const auto start = primary.start();
  for (const auto* value : {"1", "2", "3", "4"}) primary.write({request({put("a", value)})});
  primary.faults->fail_next(backends::call_kind::trim, 1, errc::store_io,
                            backends::fault_moment::after);
  primary.world.advance(std::chrono::seconds(5));
  primary.write({request({put("a", "5")})});
  const auto log = primary.world.ask<answer<log_reply>>(primary.reader, log_atom::value,
                                                        log_request{.from = start.value});
  REQUIRE(log.problem.code == errc::history_lost);
  REQUIRE(log.problem.oldest == position{start.value.at.epoch, {2}}.text());
}

TEST_CASE("followers hear once of each trim, also when nobody writes") {
  const temporary_folder folder;
  running_primary primary(folder, memory_place(), {}, {.age_microseconds = 0, .changes = 2});
  REQUIRE(primary.start());
  for (const auto* value : {"1", "2", "3", "4"}) primary.write({request({put("a", value)})});
  REQUIRE(primary.trimmed.empty());
  primary.world.advance(std::chrono::seconds(60));
  REQUIRE(primary.trimmed == std::vector<sequence>{{2}});
}

TEST_CASE("a primary that is lost while nobody writes is opened again when it is back") {
  const temporary_folder folder;
  running_primary primary(folder, memory_place());
  primary.start();
  primary.write({request({put("a", "1")})});
  const auto state = [&] {
    return primary.world.ask<primary_status>(primary.writer, status_atom::value).state;
  };
  const auto shown = [&](const std::string& word) {
    return primary.shown("keelson_primary_state{state=\"" + word + "\"}");
  };
  REQUIRE(shown("serving") == 1);
  primary.faults->go_down();
  primary.world.advance(std::chrono::seconds(5));
  REQUIRE(state() == component_state::broken);
  REQUIRE(shown("broken") == 1);
  REQUIRE(shown("serving") == 0);
  primary.faults->come_up();
  primary.world.advance(std::chrono::seconds(60));
  REQUIRE(state() == component_state::serving);
  REQUIRE(shown("serving") == 1);
  REQUIRE(primary.get("a").document.value.value == "1");
}

TEST_CASE("a durable primary of another log on the same folder is refused with the way out") {
  const temporary_folder folder;
  {
    running_primary primary(folder, "rocksdb:one");
    REQUIRE(primary.start());
    primary.write({request({put("a", "1")})});
  }
  {
    running_primary primary(folder, "rocksdb:two");
    const auto refused = primary.start();
    REQUIRE(refused.problem.code == errc::store_mismatch);
    REQUIRE(refused.problem.detail.find("--new-log") != std::string::npos);
    REQUIRE(!std::filesystem::exists(folder.path() / "two"));
  }
  running_primary primary(folder, "rocksdb:one");
  const auto start = primary.start();
  REQUIRE(start.value.at.at.value == 1);
  REQUIRE(primary.breaks.empty());
  REQUIRE(primary.get("a").document.value.value == "1");
}

TEST_CASE("a worker that dies answers what it holds as unknown, and another takes its place") {
  const temporary_folder folder;
  running_primary primary(folder, memory_place());
  const auto epoch = primary.start().value.at.epoch;
  primary.write({request({put("a", "1")})});
  primary.clock_breaks = true;
  const auto lost = primary.write({request({put("a", "2")}), request({put("b", "2")})});
  REQUIRE(lost.answers.size() == 2);
  for (const auto& each : lost.answers) REQUIRE(each.problem.code == errc::outcome_unknown);
  REQUIRE(primary.shown("keelson_writer_refusals_total{code=\"outcome_unknown\"}") == 2);
  primary.clock_breaks = false;
  const auto refused = primary.write({request({put("a", "3")})});
  REQUIRE(refused.answers[0].problem.code == errc::unavailable);
  primary.world.advance(std::chrono::seconds(5));
  const auto again = primary.write({request({put("a", "4")})});
  REQUIRE(again.answers[0].value.at.text() == position{epoch, {2}}.text());
}

TEST_CASE("each commit that was refused is counted once, by its code") {
  const temporary_folder folder;
  running_primary primary(folder, memory_place());
  primary.start();
  primary.faults->fail_next(backends::call_kind::commit, 1, errc::storage_full);
  const auto refused = primary.write({request({put("a", "1")}), request({put("b", "1")})});
  REQUIRE(refused.answers.size() == 2);
  for (const auto& each : refused.answers) REQUIRE(each.problem.code == errc::storage_full);
  REQUIRE(primary.shown("keelson_writer_refusals_total{code=\"storage_full\"}") == 2);
  REQUIRE(primary.write({request({put("a", "1")})}).answers[0]);
  REQUIRE(primary.shown("keelson_writer_refusals_total{code=\"storage_full\"}") == 2);
}

TEST_CASE("more than the queue takes is refused at once, and what waits too long too") {
  const temporary_folder folder;
  running_primary primary(folder, memory_place(), {.commits = 2});
  primary.start();
  const auto refused =
      primary.write({request({put("a", "1")}), request({put("b", "1")}), request({put("c", "1")})});
  REQUIRE(refused.answers.size() == 3);
  REQUIRE(refused.answers[2].problem.code == errc::overloaded);
  REQUIRE(primary.groups.empty());
  REQUIRE(primary.shown("keelson_writer_refusals_total{code=\"overloaded\"}") == 3);
}
