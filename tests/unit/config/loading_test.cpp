#include "config/loading.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/unit/config/scratch_file.hpp"

namespace keelson::config {

namespace {

using keelson::testing::scratch_file;

/// A flag as the command line would give it.
void flag(gathered& into, std::string_view name, std::vector<std::string> items) {
  const setting* const which = find_setting(name);
  REQUIRE(which != nullptr);
  into.values.push_back(
      {.which = which, .items = std::move(items), .from = {source::flag, flag_of(*which)}});
}

gathered variables(const environment& set) {
  gathered found;
  read_environment(set, found);
  return found;
}

std::vector<std::string> mistakes_of(gathered sources) {
  std::vector<std::string> found;
  const auto outcome = load(std::move(sources));
  if (outcome) return found;
  for (const auto& [where, what] : outcome.error()) found.push_back(where + ": " + what);
  return found;
}

const in_force& row(const loaded& from, std::string_view name) {
  const auto found = std::ranges::find(from.report, name, &in_force::name);
  REQUIRE(found != from.report.end());
  return *found;
}

}  // namespace

TEST_CASE("flags beat the environment, which beats the file, which beats the default") {
  const scratch_file file("limits:\n  key: 100\n  page: 100\n  frame: 100KiB\n");
  gathered all;
  flag(all, "limits.key", {"300"});
  read_environment({{"KEELSON_LIMITS_KEY", "200"}, {"KEELSON_LIMITS_PAGE", "200"}}, all);
  read_file(file.path(), all);
  const auto outcome = load(std::move(all));
  REQUIRE(outcome);
  CHECK(outcome->values.limits.key == 300);
  CHECK(outcome->values.limits.page == 200);
  CHECK(outcome->values.limits.frame == 100U << 10);
  CHECK(outcome->values.limits.value == 1U << 20);
  CHECK(row(*outcome, "limits.key").from == "--limits-key");
  CHECK(row(*outcome, "limits.page").from == "KEELSON_LIMITS_PAGE");
  CHECK(row(*outcome, "limits.frame").from == file.line(4));
  CHECK(row(*outcome, "limits.frame").value == "100KiB");
  CHECK(row(*outcome, "limits.value").from == "default");
}

TEST_CASE("DATABASE_URL names the primary when nothing else does") {
  const auto alone = load(variables({{"DATABASE_URL", "sqlite:theirs.db"}}));
  REQUIRE(alone);
  CHECK(alone->values.primary.url == "sqlite:theirs.db");
  CHECK(row(*alone, "primary.url").from == "DATABASE_URL");

  const scratch_file file("primary: {url: \"sqlite:ours.db\"}\n");
  auto all = variables({{"DATABASE_URL", "oracle://x"}});
  read_file(file.path(), all);
  const auto beaten = load(std::move(all));
  REQUIRE(beaten);
  CHECK(beaten->values.primary.url == "sqlite:ours.db");
}

TEST_CASE("a DATABASE_URL of no engine of ours is a mistake, shown without its password") {
  const auto found = mistakes_of(variables({{"DATABASE_URL", "oracle://user:hunter2@db/x"}}));
  REQUIRE(found.size() == 1);
  CHECK_THAT(found.front(), Catch::StartsWith("DATABASE_URL: "));
  CHECK_THAT(found.front(), !Catch::Contains("hunter2"));
}

TEST_CASE("variables that are wrong, unknown, empty or for others") {
  CHECK(mistakes_of(variables({{"KEELSON_LIMITS_KEY", "many"},
                               {"KEELSON_LIMTS_PAGE", "5"},
                               {"KEELSON_PAINT", "red"},
                               {"KEELSON_NEW_EPOCH", "yes"},
                               {"KEELSON_DATA", ""},
                               {"KEELSON_URL", "http://somewhere"},
                               {"KEELSON_TOKEN", "secret"},
                               {"KEELSON_PORT", "tcp://10.0.0.1:8470"},
                               {"KEELSON_PORT_8470_TCP_ADDR", "10.0.0.1"},
                               {"KEELSON_SERVICE_HOST", "10.0.0.1"},
                               {"PATH", "/bin"}})) ==
        std::vector<std::string>{
            "KEELSON_LIMTS_PAGE: there is no such setting; did you mean 'KEELSON_LIMITS_PAGE'?",
            "KEELSON_PAINT: there is no such setting",
            "KEELSON_NEW_EPOCH: is meant for one start: give it as --new-epoch",
            "KEELSON_LIMITS_KEY: 'many' is not a size such as 64KiB, 8MiB or plain bytes"});
}

TEST_CASE("lists in one variable are parted by blanks and replace the default") {
  const auto two = load(variables({{"KEELSON_SECONDARIES", "a=rocksdb:a  b=sqlite:b.db"}}));
  REQUIRE(two);
  REQUIRE(two->values.secondaries.size() == 2);
  CHECK(two->values.secondaries[1].url == "sqlite:b.db");
  const auto none = load(variables({{"KEELSON_SECONDARIES", "none"}}));
  REQUIRE(none);
  CHECK(none->values.secondaries.empty());
  CHECK(row(*none, "secondaries").value == "none");
}

TEST_CASE("listening beyond loopback has to be asked for") {
  gathered open;
  flag(open, "listen", {"0.0.0.0:8470"});
  gathered meant = open;
  flag(meant, "insecure_listen", {""});
  const auto refused = mistakes_of(std::move(open));
  REQUIRE(refused.size() == 1);
  CHECK_THAT(refused.front(), Catch::StartsWith("--listen: 0.0.0.0:8470 can be reached"));
  CHECK(mistakes_of(std::move(meant)).empty());
}

TEST_CASE("a primary that forgets has to be asked for") {
  gathered sources;
  flag(sources, "primary.url", {"memory:"});
  gathered meant = sources;
  flag(meant, "primary.allow_volatile", {"yes"});
  const auto refused = mistakes_of(std::move(sources));
  REQUIRE(refused.size() == 1);
  CHECK_THAT(refused.front(), Catch::Contains("--primary-allow-volatile"));
  CHECK(mistakes_of(std::move(meant)).empty());
}

TEST_CASE("stores that cannot stand beside one another") {
  gathered twice;
  flag(twice, "secondaries", {"a=rocksdb:a", "a=rocksdb:b"});
  CHECK(mistakes_of(std::move(twice)) ==
        std::vector<std::string>{"--secondaries: two secondaries are named 'a'"});
  gathered same;
  flag(same, "secondaries", {"a=sqlite:primary.db", "b=memory:", "c=memory:"});
  CHECK(mistakes_of(std::move(same)) ==
        std::vector<std::string>{"--secondaries: 'a' is the same store as 'primary'"});
}

TEST_CASE("limits that contradict one another") {
  gathered sources;
  flag(sources, "limits.value", {"16MiB"});
  flag(sources, "limits.in_flight", {"10"});
  flag(sources, "writer.queue_bytes", {"1MiB"});
  CHECK(mistakes_of(std::move(sources)) ==
        std::vector<std::string>{
            "--limits-value: limits.batch is less than limits.value",
            "--writer-queue-bytes: writer.queue_bytes is less than limits.batch",
            "--limits-in-flight: limits.in_flight is less than limits.in_flight_per_connection"});
}

TEST_CASE("what is asked of one start has to make sense") {
  gathered both;
  flag(both, "new_log", {""});
  flag(both, "new_epoch", {""});
  CHECK(mistakes_of(std::move(both)) ==
        std::vector<std::string>{"--new-epoch: excludes --new-log: a start does one or the other"});
  gathered adopting;
  flag(adopting, "adopt", {"primary", "kv", "other"});
  CHECK(mistakes_of(std::move(adopting)) ==
        std::vector<std::string>{"--adopt: there is no store named 'other'"});
}

TEST_CASE("mistakes of all sources come together") {
  const scratch_file file("limits.page: 0\n");
  auto all = variables({{"KEELSON_HTTP_THREADS", "none"}});
  read_file(file.path(), all);
  flag(all, "log.level", {"loud"});
  CHECK(mistakes_of(std::move(all)) ==
        std::vector<std::string>{file.line(1) + ": limits.page: '0' is not from 1 to 100000",
                                 "KEELSON_HTTP_THREADS: 'none' is not a whole number",
                                 "--log-level: 'loud' is none of debug, info, warning, error"});
}

TEST_CASE("the report masks secrets and tells what the short form does not") {
  gathered sources;
  flag(sources, "secondaries", {"a=rocksdb:a?password=hunter2"});
  const auto outcome = load(std::move(sources));
  REQUIRE(outcome);
  CHECK(row(*outcome, "secondaries").value == "a=rocksdb:a");
  CHECK(row(*outcome, "secondaries.a.collections").value == "*");
  CHECK(row(*outcome, "secondaries.a.validate.reads").value == "yes");
  for (const auto& each : outcome->report) CHECK_THAT(each.value, !Catch::Contains("hunter2"));
}

TEST_CASE("a secondary given without a name is not repeated, since it may hold a password") {
  gathered sources;
  flag(sources, "secondaries", {"rocksdb:a?password=hunter2"});
  CHECK(mistakes_of(std::move(sources)) ==
        std::vector<std::string>{"--secondaries: a secondary is given as NAME=URL"});
}

}  // namespace keelson::config
