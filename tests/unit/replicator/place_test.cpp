#include <fstream>

#include <catch2/catch.hpp>

#include "backends/rocksdb/rocksdb_engine.hpp"
#include "backends/sqlite/sqlite_engine.hpp"
#include "tests/support/virtual_system.hpp"
#include "tests/unit/replicator/one_replicator.hpp"

using namespace keelson;
using namespace keelson::test;
using messages::component_state;

namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

struct embedded {
  temporary_folder folder;
  fs::path path = folder.path() / "kv";
  const backends::engine* engine =
      GENERATE(&backends::rocksdb::rocksdb_engine(), &backends::sqlite::sqlite_engine());
  primary_log primary;
  secondary_place unused;
  std::string name = "kv";
  backends::foreign_policy foreign = backends::foreign_policy::refuse;

  [[nodiscard]] one_replicator start() { return start_in(folder.path()); }
  [[nodiscard]] one_replicator start_in(const fs::path& where) {
    return {primary, unused, [&](replicator::replicator_options& options) {
              options.worker.name = name;
              options.worker.engine = engine;
              options.worker.foreign = foreign;
              options.worker.location = {std::string(engine->scheme) + ":kv", where};
            }};
  }
  std::map<document_id, document> documents(const std::string& owner = "kv") {
    const auto store = engine->open({std::string(engine->scheme) + ":kv", folder.path()},
                                    {"log-1", backends::store_role::secondary, owner},
                                    backends::foreign_policy::refuse, {});
    REQUIRE(store);
    return documents_in(**(*store)->open_reader());
  }
  void put_file() { std::ofstream(path) << "somebody's notes"; }
  /// Takes the store's files away, also while an engine writes to them.
  void clear() {
    const auto away = folder.path() / ("away" + std::to_string(++cleared));
    fs::create_directory(away);
    for (const std::string_view end : {"", "-wal", "-shm"}) {
      std::error_code absent;
      fs::rename(fs::path(path) += end, away / (std::string("kv").append(end)), absent);
    }
  }
  int cleared = 0;
};

void wait(one_replicator& replicator, int tries = 20) {
  for (int i = 0; i < tries && replicator.state() != component_state::live; ++i) {
    replicator.pass(seconds(10));
    replicator.settle();
  }
}

void stop(one_replicator& replicator) {
  replicator.core().stop();
  replicator.settle();
}

}  // namespace

TEST_CASE("a file in the place of the store is foreign, left alone, and no obstacle once gone") {
  embedded world;
  world.primary.put(doc("a", "1"), "1");
  world.put_file();
  auto replicator = world.start();
  replicator.settle();
  CHECK(replicator.state() == component_state::foreign);
  CHECK_FALSE(replicator.core().status({}).reason.empty());
  wait(replicator, 3);
  CHECK(fs::file_size(world.path) == 16);
  CHECK_FALSE(replicator.core().rebuild(replicator::consent::confirmed));
  world.clear();
  wait(replicator);
  CHECK(replicator.state() == component_state::live);
  stop(replicator);
  CHECK(world.documents() == world.primary.documents());
}

TEST_CASE("a store that is replaced by a file while it is open is given up, and built again") {
  embedded world;
  world.primary.put(doc("a", "1"), "1");
  auto replicator = world.start();
  replicator.settle();
  REQUIRE(replicator.state() == component_state::live);
  fs::rename(world.path, world.folder.path() / "away");
  world.put_file();
  replicator.pass(seconds(1));
  replicator.settle();
  CHECK(replicator.state() == component_state::broken);
  CHECK(replicator.core().status({}).reason.find("was replaced") != std::string::npos);
  replicator.pass(seconds(1));
  replicator.settle();
  CHECK(replicator.state() == component_state::foreign);
  replicator.tell(world.primary.put(doc("a", "2"), "2"));
  replicator.settle();
  CHECK(fs::file_size(world.path) == 16);
  world.clear();
  wait(replicator);
  CHECK(replicator.state() == component_state::live);
  stop(replicator);
  CHECK(world.documents() == world.primary.documents());
}

TEST_CASE("a store that is removed while it is open is built again") {
  embedded world;
  world.primary.put(doc("a", "1"), "1");
  auto replicator = world.start();
  replicator.settle();
  world.clear();
  replicator.pass(seconds(1));
  replicator.settle();
  CHECK(replicator.state() == component_state::broken);
  wait(replicator);
  CHECK(replicator.state() == component_state::live);
  stop(replicator);
  CHECK(world.documents() == world.primary.documents());
}

TEST_CASE("another secondary's store is refused until it is adopted, once") {
  embedded world;
  world.primary.put(doc("a", "1"), "1");
  {
    auto first = world.start();
    first.settle();
    stop(first);
  }
  world.name = "other";
  {
    auto second = world.start();
    second.settle();
    CHECK(second.state() == component_state::foreign);
    CHECK(second.core().status({}).reason.find("kv") != std::string::npos);
    wait(second, 3);
    stop(second);
  }
  CHECK(world.documents("kv") == world.primary.documents());
  world.foreign = backends::foreign_policy::adopt;
  auto adopting = world.start();
  adopting.settle();
  if (adopting.state() == component_state::confirmation_required) {
    REQUIRE(adopting.core().rebuild(replicator::consent::confirmed));
    adopting.settle();
  }
  CHECK(adopting.state() == component_state::live);

  const temporary_folder elsewhere;
  world.name = "third";
  world.foreign = backends::foreign_policy::refuse;
  {
    auto third = world.start_in(elsewhere.path());
    third.settle();
    stop(third);
  }
  world.clear();
  adopting.pass(seconds(1));
  adopting.settle();
  REQUIRE(adopting.state() == component_state::broken);
  fs::rename(elsewhere.path() / "kv", world.path);
  adopting.pass(seconds(1));
  adopting.settle();
  CHECK(adopting.state() == component_state::foreign);
  stop(adopting);
  CHECK(world.documents("third") == world.primary.documents());
}
