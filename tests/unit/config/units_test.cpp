#include "config/units.hpp"

#include <string>

#include <catch2/catch.hpp>

namespace keelson::config {

namespace {

constexpr bounds wide{0, std::uint64_t{1} << 60};

}  // namespace

TEST_CASE("sizes have binary units or none") {
  CHECK(parse_size("0", wide) == 0U);
  CHECK(parse_size("512", wide) == 512U);
  CHECK(parse_size("64KiB", wide) == 64U * 1024);
  CHECK(parse_size("8MiB", wide) == std::uint64_t{8} << 20);
  CHECK(parse_size("16GiB", wide) == std::uint64_t{16} << 30);
  CHECK(parse_size("2TiB", wide) == std::uint64_t{2} << 40);
  for (const auto* const text : {"", "MiB", "8 MiB", "8MB", "8M", "8mib", "-1", "1.5GiB", "0x10"}) {
    INFO(text);
    CHECK_FALSE(parse_size(text, wide));
  }
}

TEST_CASE("bounds are kept, also where a unit overflows") {
  CHECK(parse_size("1KiB", {1024, 1024}) == 1024U);
  const auto above = parse_size("1025", {1024, 1024});
  REQUIRE_FALSE(above);
  CHECK(above.error().code == errc::invalid_parameter);
  CHECK(above.error().detail == "'1025' is not from 1KiB to 1KiB");
  CHECK_FALSE(parse_size("1023", {1024, 1024}));
  CHECK_FALSE(parse_size("18446744073709551615TiB", wide));
  CHECK_FALSE(parse_size("18446744073709551616", wide));
  CHECK_FALSE(parse_number("1001", {1, 1000}));
  CHECK(parse_number("1000", {1, 1000}) == 1000U);
}

TEST_CASE("times have units") {
  CHECK(parse_time("500ms", wide)->count() == 500);
  CHECK(parse_time("5s", wide)->count() == 5000);
  CHECK(parse_time("10m", wide)->count() == 600'000);
  CHECK(parse_time("24h", wide)->count() == 86'400'000);
  CHECK(parse_time("7d", wide)->count() == 604'800'000);
  for (const auto* const text : {"", "5", "s", "5sec", "5 s", "-5s", "1.5s"}) {
    INFO(text);
    CHECK_FALSE(parse_time(text, wide));
  }
  CHECK(parse_time("2h", {0, 3'600'000}).error().detail == "'2h' is not from 0ms to 1h");
}

TEST_CASE("texts of sizes and times are what was parsed, in the largest whole unit") {
  CHECK(size_text(1536) == "1536");
  CHECK(size_text(3072) == "3KiB");
  CHECK(time_text(std::chrono::milliseconds(86'400'000)) == "1d");
  CHECK(time_text(std::chrono::milliseconds(90'000)) == "90s");
  CHECK(time_text(std::chrono::milliseconds(0)) == "0ms");
}

TEST_CASE("switches") {
  for (const auto* const text : {"yes", "true", "on", ""}) CHECK(parse_switch(text) == true);
  for (const auto* const text : {"no", "false", "off"}) CHECK(parse_switch(text) == false);
  CHECK_FALSE(parse_switch("maybe"));
  CHECK_FALSE(parse_switch("1"));
}

TEST_CASE("listening addresses") {
  CHECK(listen_text(*parse_listen("127.0.0.1:8470")) == "127.0.0.1:8470");
  CHECK(listen_text(*parse_listen("[::1]:0")) == "[::1]:0");
  CHECK(listen_text(*parse_listen("localhost:65535")) == "127.0.0.1:65535");
  for (const auto* const text : {"", "8470", ":8470", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536",
                                 "::1:8470", "[127.0.0.1]:8470", "[]:1", "example.org:80",
                                 "127.0.0.1:http", "127.0.0.1:-1", "127.0.0.1:80x"}) {
    INFO(text);
    CHECK_FALSE(parse_listen(text));
  }
}

TEST_CASE("loopback is told from everything else") {
  for (const auto* const text :
       {"127.0.0.1:1", "127.255.3.4:1", "[::1]:1", "[::ffff:127.0.0.1]:1"}) {
    INFO(text);
    CHECK(is_loopback(*parse_listen(text)));
  }
  for (const auto* const text : {"0.0.0.0:1", "[::]:1", "128.0.0.1:1", "192.168.1.1:1",
                                 "[::ffff:10.0.0.1]:1", "[fe80::1]:1"}) {
    INFO(text);
    CHECK_FALSE(is_loopback(*parse_listen(text)));
  }
}

TEST_CASE("origins are as browsers send them") {
  CHECK(parse_origin("https://App.Example.org") == "https://app.example.org");
  CHECK(parse_origin("http://localhost:3000") == "http://localhost:3000");
  CHECK(parse_origin("http://[::1]:3000") == "http://[::1]:3000");
  CHECK(parse_origin("http://[::1]") == "http://[::1]");
  for (const auto* const text :
       {"", "*", "null", "app.example.org", "https://", "https://a/", "https://a/b", "ftp://a",
        "https://a:b", "https://a:", "https://u@a", "https://a,https://b", "http://[::1"}) {
    INFO(text);
    CHECK_FALSE(parse_origin(text));
  }
}

TEST_CASE("hosts have neither scheme nor port") {
  CHECK(parse_host("Data.Example.org") == "data.example.org");
  CHECK(parse_host("[::1]") == "::1");
  CHECK(parse_host("10.0.0.1") == "10.0.0.1");
  for (const auto* const text : {"", "http://a", "a:80", "a/b", "a b", "*"}) {
    INFO(text);
    CHECK_FALSE(parse_host(text));
  }
}

TEST_CASE("words of the log") {
  CHECK(parse_log_level("warning") == log_level::warning);
  CHECK(parse_log_level("trace").error().detail ==
        "'trace' is none of debug, info, warning, error");
  CHECK(parse_log_format("json") == log_format::json);
}

}  // namespace keelson::config
