#include <bit>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "protocols/model/canonical_json.hpp"
#include "tests/conformance/history.hpp"
#include "tests/conformance/postgres_trial.hpp"

using namespace keelson;
using namespace keelson::conformance;

namespace {

std::vector<std::string> values() {
  return {"0",
          "-1",
          "9223372036854775807",
          "-9223372036854775808",
          "18446744073709551615",
          "1e20",
          "1e21",
          "-1e19",
          "1.5e300",
          "1.7976931348623157e308",
          "-1.7976931348623157e308",
          "0.1",
          "0.0001",
          "0.000001",
          "1e-7",
          "1.0000000000000002",
          "123456789012345680000.5e-5",
          "2.2250738585072014e-308",
          "5e-324",
          "true",
          "null",
          "[]",
          "{}",
          R"("")",
          R"("\b\t\n\f\r\"\\/\u0001\u007f\u2028 é 😀")",
          R"({"":1,"a":{"b":[1,2,{"c":null}]},"aa":1,"b":"\\u0000","é":2})",
          R"({"longer":1,"z":2,"😀":3,"ﬀ":4})",
          std::string(60, '[') + std::string(60, ']')};
}

/// Doubles of random bits, as one array.
std::string random_doubles(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::string text = "[";
  for (int i = 0; i < 2000; ++i) {
    const auto value = std::bit_cast<double>(random());
    if (!std::isfinite(value) || value == 0) continue;
    char literal[40];
    std::snprintf(literal, sizeof literal, "%.17e", value);
    text.append(text.size() > 1 ? "," : "").append(literal);
  }
  return must(canonicalise(text + "]"));
}

}  // namespace

TEST_CASE("every canonical value is the same after its way through jsonb") {
  const auto* const subject = postgres_subject();
  if (subject == nullptr) return;
  const trial place(*subject);
  const auto store = must(place.open(primary_owner()));
  const auto session = must(store->open_primary());
  history log(must(session->meta()));
  commit_plan all;
  for (auto& value : values()) {
    all.push_back(put("c", std::to_string(all.size()), must(canonicalise(value))));
  }
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    all.push_back(put("c", std::to_string(all.size()), random_doubles(seed)));
  }
  log.commit(*session, {all});

  const auto reader = must(store->open_primary_reader());
  const auto page = must(reader->scan({}));
  REQUIRE(page.documents.size() == all.size());
  for (const auto& document : page.documents) {
    CHECK(document == log.documents().at(document.id));
    CHECK(computed_hash(document) == document.hash);
  }
  CHECK((must(reader->read_log({}, 1000, std::size_t{1} << 30)).records == log.records()));
  CHECK(sql(place, "SELECT value->'a'->'b'->>1 FROM keelson.documents WHERE value ? 'aa'") ==
        "2\n");
}

TEST_CASE("what somebody wrote by hand is read as it is, and its hash is not") {
  const auto* const subject = postgres_subject();
  if (subject == nullptr) return;
  const trial place(*subject);
  const auto store = must(place.open(primary_owner()));
  const auto session = must(store->open_primary());
  history log(must(session->meta()));
  log.commit(*session, {{put("c", "k", "1")}});
  const std::string edit = GENERATE("2", "1e400", R"({"b": 1, "a": 1e20})");
  sql(place, "UPDATE keelson.documents SET value = '" + edit + "'");
  const std::vector ids{id_of("c", "k")};
  const auto read = must(must(store->open_reader())->get(ids)).documents.front();
  REQUIRE(read);
  CHECK_FALSE(read->value.empty());
  CHECK(computed_hash(*read) != read->hash);
}
