#include <catch2/catch.hpp>

#include "protocols/wire/duration.hpp"
#include "protocols/wire/media_type.hpp"
#include "protocols/wire/preconditions.hpp"
#include "protocols/wire/uuid.hpp"

using namespace keelson;
using messages::precondition;
using namespace std::chrono_literals;

TEST_CASE("a write's conditions") {
  const auto parse = wire::parse_write_condition;
  CHECK(parse({}, {})->what == precondition::none);
  CHECK(parse("*", {})->what == precondition::exists);
  CHECK(parse({}, "*")->what == precondition::missing);
  CHECK(*parse("\"42\"", {}) == wire::write_condition{precondition::version_is, {42}});
  CHECK(parse(" \"42\" ", {})->expected == version{42});
}

TEST_CASE("a tag that no document can have never holds") {
  for (const char* tag : {"\"abc\"", "W/\"42\"", "\"042\"", "\"0\"", "\"\"", "\"42 \"", "\"-1\""}) {
    const auto condition = wire::parse_write_condition(tag, {});
    CAPTURE(tag);
    REQUIRE(condition);
    CHECK(condition->what == precondition::version_is);
    CHECK(condition->expected.value == std::numeric_limits<std::uint64_t>::max());
  }
}

TEST_CASE("conditions that cannot be kept are refused") {
  constexpr std::string_view absent;
  for (const auto& [if_match, if_none_match] :
       {std::pair<std::string_view, std::string_view>{"42", absent},
        {"", absent},
        {absent, ""},
        {"\"1\",\"2\"", absent},
        {"\"1\"", "*"},
        {absent, "\"1\""},
        {"\"1", absent},
        {"\"1\" \"2\"", absent},
        {"W/", absent}}) {
    CAPTURE(if_match, if_none_match);
    CHECK(wire::parse_write_condition(if_match, if_none_match).error().code ==
          errc::invalid_parameter);
  }
}

TEST_CASE("a read's tags are compared weakly") {
  CHECK(*wire::names_version("\"7\"", {7}));
  CHECK(*wire::names_version("W/\"7\"", {7}));
  CHECK(*wire::names_version("\"1\", \"7\" ,W/\"9\"", {7}));
  CHECK_FALSE(*wire::names_version("\"1\"", {7}));
  CHECK(*wire::names_version("*", {7}));
  CHECK_FALSE(*wire::names_version("*", {0}));
  CHECK_FALSE(*wire::names_version("\"7\"", {0}));
  CHECK_FALSE(wire::names_version("7", {7}));
}

TEST_CASE("durations") {
  CHECK(*wire::parse_duration("timeout", "5s", 60s) == 5s);
  CHECK(*wire::parse_duration("timeout", "500ms", 60s) == 500ms);
  CHECK(*wire::parse_duration("timeout", "5", 60s) == 5s);
  CHECK(*wire::parse_duration("timeout", "60000ms", 60s) == 60s);
  for (const char* text : {"", "s", "-1s", "61s", "1m", "5 s", "1.5s", "99999999999999999999s",
                           "18446744073709551615s"}) {
    CAPTURE(text);
    CHECK(wire::parse_duration("timeout", text, 60s).error().code == errc::invalid_parameter);
  }
}

TEST_CASE("counts") {
  CHECK(*wire::parse_count("limit", "1", 1, 1000) == 1);
  CHECK(*wire::parse_count("limit", "1000", 1, 1000) == 1000);
  for (const char* text : {"", "0", "1001", "-1", "1x", "+1", " 1"}) {
    CAPTURE(text);
    CHECK_FALSE(wire::parse_count("limit", text, 1, 1000));
  }
}

TEST_CASE("media types") {
  CHECK(wire::is_media_type("application/json", "application/json"));
  CHECK(wire::is_media_type("Application/JSON; charset=utf-8", "application/json"));
  CHECK_FALSE(wire::is_media_type("application/json5", "application/json"));
  CHECK_FALSE(wire::is_media_type("", "application/json"));
  CHECK(wire::accepts_explicitly("text/html, application/x-ndjson;q=0.5", "application/x-ndjson"));
  CHECK_FALSE(wire::accepts_explicitly("*/*", "application/x-ndjson"));
  CHECK_FALSE(wire::accepts_explicitly("application/x-ndjson;q=0", "application/x-ndjson"));
  CHECK_FALSE(wire::accepts_explicitly("application/x-ndjson; q=0.000", "application/x-ndjson"));
}

TEST_CASE("made keys sort by time and say what they are") {
  const auto early = wire::make_uuid_v7({1'700'000'000'000'000}, {~0ULL, ~0ULL});
  const auto late = wire::make_uuid_v7({1'700'000'000'001'000}, {0, 0});
  CHECK(early == "018bcfe5-6800-7fff-bfff-ffffffffffff");
  CHECK(early < late);
}
