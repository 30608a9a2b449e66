#include "config/setting_table.hpp"

#include <array>
#include <set>
#include <string>

#include <catch2/catch.hpp>

namespace keelson::config {

TEST_CASE("every default is what its setting shows when nothing is set") {
  const auto defaults = default_settings();
  for (const setting& each : setting_table()) {
    INFO(each.name);
    CHECK(each.show(defaults) == each.fallback);
    CHECK_FALSE(each.help.empty());
  }
}

TEST_CASE("what a setting shows can be given back") {
  for (const setting& each : setting_table()) {
    if (each.fallback == "none") continue;
    INFO(each.name);
    settings other;
    const std::array<std::string, 1> items{each.show(default_settings())};
    REQUIRE(each.store(other, items));
    CHECK(each.show(other) == each.fallback);
  }
}

TEST_CASE("names, flags and variables are unique and follow one rule") {
  std::set<std::string> flags{"--config", "--json", "--help"};
  std::set<std::string> variables{"KEELSON_CONFIG", "KEELSON_URL", "KEELSON_TOKEN"};
  for (const setting& each : setting_table()) {
    INFO(each.name);
    CHECK(flags.insert(flag_of(each)).second);
    CHECK(variables.insert(variable_of(each)).second);
    if (!each.short_flag.empty()) CHECK(flags.insert(std::string(each.short_flag)).second);
    if (each.form == shape::toggle) CHECK(each.fallback == "no");
  }
  CHECK(flags.contains("--limits-json-depth"));
  CHECK(variables.contains("KEELSON_LIMITS_JSON_DEPTH"));
}

TEST_CASE("the defaults are those of the API") {
  const auto defaults = default_settings();
  CHECK(defaults.listen.address == "127.0.0.1");
  CHECK(defaults.listen.port == 8470);
  CHECK(defaults.primary.url == "sqlite:primary.db");
  CHECK(defaults.secondaries == std::vector{secondary_settings{.name = "kv", .url = "rocksdb:kv"}});
  CHECK(defaults.limits.key == 512);
  CHECK(defaults.limits.value == 1U << 20);
  CHECK(defaults.limits.json_depth == 64);
  CHECK(defaults.limits.head == 16U << 10);
  CHECK(defaults.limits.head_time.count() == 10'000);
  CHECK(defaults.limits.body_idle.count() == 30'000);
  CHECK(defaults.limits.keep_alive.count() == 60'000);
  CHECK(defaults.limits.batch_operations == 1000);
  CHECK(defaults.limits.batch == 8U << 20);
  CHECK(defaults.limits.page == 1000);
  CHECK(defaults.limits.in_flight_per_connection == 64);
  CHECK(defaults.limits.in_flight == 4096);
  CHECK(defaults.limits.subscriptions == 1024);
  CHECK(defaults.limits.frame == 64U << 10);
  CHECK(defaults.writer.queue_commits == 8192);
  CHECK(defaults.writer.queue_bytes == 64U << 20);
  CHECK(defaults.idempotency.age.count() == 24 * 3'600'000);
  CHECK(defaults.idempotency.records == 1'000'000);
  CHECK(defaults.retention.age.count() == 7 * 24 * 3'600'000);
  CHECK(defaults.retention.changes == 1'000'000);
  CHECK(defaults.retention.bytes == std::uint64_t{16} << 30);
  CHECK(defaults.validator.checks_per_second == 2000);
  CHECK(defaults.validator.pending_grace.count() == 30'000);
  CHECK(defaults.feed.ring == 64U << 20);
}

TEST_CASE("JSON nests at most 1,000 deep") {
  settings any;
  const auto found = std::ranges::find(setting_table(), "limits.json_depth", &setting::name);
  const std::array<std::string, 1> most{"1000"};
  const std::array<std::string, 1> more{"1001"};
  CHECK(found->store(any, most));
  CHECK_FALSE(found->store(any, more));
}

}  // namespace keelson::config
