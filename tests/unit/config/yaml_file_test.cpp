#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "config/loading.hpp"
#include "tests/unit/config/scratch_file.hpp"

namespace keelson::config {

namespace {

using keelson::testing::scratch_file;

gathered read(const scratch_file& file) {
  gathered found;
  read_file(file.path(), found);
  return found;
}

/// The mistakes of a file as `LINE: WHAT`.
std::vector<std::string> mistakes_of(std::string_view text) {
  const scratch_file file(text);
  std::vector<std::string> found;
  const auto outcome = load(read(file));
  if (outcome) return found;
  for (const auto& [where, what] : outcome.error()) {
    found.push_back(where.substr(where.rfind(':') + 1) + ": " + what);
  }
  return found;
}

}  // namespace

TEST_CASE("a file sets values by sections, dotted names and lists") {
  const scratch_file file(R"(# a comment
data: /srv/keelson
limits:
  value: 2MiB
  json_depth: 100
validator.checks_per_second: 0
http:
  origins: [https://a.example, "https://b.example:8443"]
  hosts: data.example other.example
insecure_listen: true
secondaries:
  - name: kv
    url: rocksdb:kv
    collections: [cities, eu_*]
    validate: {reads: no}
  - copy=sqlite:copy.db
)");
  const auto outcome = load(read(file));
  REQUIRE(outcome);
  const auto& values = outcome->values;
  CHECK(values.data == "/srv/keelson");
  CHECK(values.limits.value == 2U << 20);
  CHECK(values.limits.json_depth == 100);
  CHECK(values.validator.checks_per_second == 0);
  CHECK(values.http.origins ==
        std::vector<std::string>{"https://a.example", "https://b.example:8443"});
  CHECK(values.http.hosts == std::vector<std::string>{"data.example", "other.example"});
  CHECK(values.insecure_listen);
  CHECK(values.secondaries ==
        std::vector{secondary_settings{.name = "kv",
                                       .url = "rocksdb:kv",
                                       .collections = {"cities", "eu_*"},
                                       .check_reads = false},
                    secondary_settings{.name = "copy", .url = "sqlite:copy.db"}});
}

TEST_CASE("a file may be empty, and so may a section") {
  CHECK(mistakes_of("").empty());
  CHECK(mistakes_of("# nothing\n").empty());
  CHECK(mistakes_of("http:\n  # origins: []\n").empty());
}

TEST_CASE("no secondaries at all") {
  const scratch_file file("secondaries: []\n");
  const auto outcome = load(read(file));
  REQUIRE(outcome);
  CHECK(outcome->values.secondaries.empty());
}

TEST_CASE("all mistakes of a file come together, each with its line") {
  CHECK(mistakes_of(R"(limits:
  vlaue: 1MiB
  key: long
primary: sqlite:a.db
colour: red
listen: 0.0.0.0:8470
adopt: kv
data:
log.level: [info]
data: twice
)") == std::vector<std::string>{
           "2: there is no setting 'limits.vlaue'; did you mean 'limits.value'?",
           "4: primary is a section with settings of its own; did you mean 'primary.url'?",
           "5: there is no setting 'colour'", "7: adopt is meant for one start: give it as --adopt",
           "8: data has no value", "9: log.level is one text or number", "10: data is given twice",
           "3: limits.key: 'long' is not a size such as 64KiB, 8MiB or plain bytes",
           "6: 0.0.0.0:8470 can be reached from other machines, and whoever reaches it may read "
           "and write everything; listen on 127.0.0.1, set auth.tokens, or say "
           "--insecure-listen if that is meant"});
}

TEST_CASE("all mistakes of secondaries come together, each with its line") {
  CHECK(mistakes_of(R"(secondaries:
  - name: KV
    url: rocksdb:kv
  - nam: a
    url: rocksdb:a
  - name: b
  - name: c
    url: oracle:c
    collections: [Cities, ok]
  - name: d
    url: rocksdb:d
    validate: {reads: perhaps, background: yes}
  - primary=rocksdb:e
  - []
)") == std::vector<std::string>{
           "2: 'KV' is not the name of a store: a lower-case letter, then at most 62 lower-case "
           "letters, digits, '_' or '-'",
           "4: a secondary has no 'nam'; did you mean 'name'?", "6: this secondary has no url",
           "9: 'Cities' is not a pattern of collections such as cities or eu_*",
           "12: 'perhaps' is neither yes nor no", "12: validate has no 'background'",
           "13: a secondary cannot be named 'primary'",
           "14: a secondary is a map with a name and a url"});
}

TEST_CASE("a secondary of an unknown kind is a mistake that names the known ones") {
  const auto found = mistakes_of("secondaries:\n  - name: c\n    url: oracle://u:pw@c\n");
  REQUIRE(found.size() == 1);
  CHECK_THAT(found.front(), Catch::StartsWith("2: no engine of this build has the scheme"));
  CHECK_THAT(found.front(), Catch::Contains("rocksdb:"));
  CHECK_THAT(found.front(), !Catch::Contains("pw"));
}

TEST_CASE("a file that is not YAML, not a map or not there is one mistake") {
  CHECK_THAT(mistakes_of("a: 1\nb: [\n").front(), Catch::Contains("not YAML: "));
  CHECK(mistakes_of("just a text\n") ==
        std::vector<std::string>{"1: a file of settings is a map of names to values"});
  gathered found;
  read_file("/nonexistent/keelson.yaml", found);
  read_file("/", found);
  REQUIRE(found.mistakes.size() == 2);
  CHECK(found.mistakes.front().where == "/nonexistent/keelson.yaml");
}

TEST_CASE("tokens come as maps or in the short form, and are never shown") {
  const scratch_file file(R"(auth:
  tokens:
    - {name: app, scope: write, token: secret-1}
    - boss:admin:secret:2
)");
  const auto loaded = load(read(file));
  REQUIRE(loaded);
  const auto& tokens = loaded->values.auth.tokens;
  REQUIRE(tokens.size() == 2);
  CHECK(tokens[0].scope == token_scope::write);
  CHECK(tokens[1].secret == "secret:2");
  for (const auto& row : loaded->report) CHECK(row.value.find("secret") == std::string::npos);
}

}  // namespace keelson::config
