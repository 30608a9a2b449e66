#include "backends/location.hpp"

#include <array>

#include <catch2/catch.hpp>

using namespace keelson;
using namespace keelson::backends;

namespace {

std::string path_of(std::string url) {
  const auto path = file_path({.url = std::move(url), .folder = "/data"});
  return path ? path->string() : std::string(to_string(path.error().code));
}

}  // namespace

TEST_CASE("a relative path lies in the data folder, an absolute one where it says") {
  CHECK(path_of("sqlite:primary.db") == "/data/primary.db");
  CHECK(path_of("sqlite:sub/primary.db") == "/data/sub/primary.db");
  CHECK(path_of("SQLite:primary.db") == "/data/primary.db");
  CHECK(path_of("sqlite:/var/primary.db") == "/var/primary.db");
  CHECK(path_of("sqlite:///var/primary.db") == "/var/primary.db");
  CHECK(path_of("sqlite:a%20b%3F.db") == "/data/a b?.db");
  CHECK(path_of("sqlite:./a/../b.db") == "/data/b.db");
}

TEST_CASE("a URL that names no path is refused") {
  CHECK(path_of("sqlite:") == "invalid_parameter");
  CHECK(path_of("sqlite://host/primary.db") == "invalid_parameter");
  CHECK(path_of("sqlite:a%2") == "invalid_parameter");
  CHECK(path_of("sqlite:a%zz") == "invalid_parameter");
  CHECK(path_of("sqlite:a%00") == "invalid_parameter");
  CHECK(path_of("sqlite:a?cache=1") == "invalid_parameter");
}

TEST_CASE("known parameters are decoded") {
  constexpr std::array<std::string_view, 2> known{"a", "b"};
  const auto parsed = parse_file_location({.url = "x:p?a=1%26&b&a=2", .folder = "/data"}, known);
  REQUIRE(parsed);
  CHECK(parsed->path == "/data/p");
  CHECK(parsed->parameters ==
        std::vector<std::pair<std::string, std::string>>{{"a", "1&"}, {"b", ""}, {"a", "2"}});
}

TEST_CASE("the engine is found by the scheme, and an unknown one is answered with those known") {
  for (const auto* const engine : engines()) {
    const auto found = engine_for(std::string(engine->scheme) + ":x");
    REQUIRE(found);
    CHECK(*found == engine);
    CHECK_FALSE(engine->url_form.empty());
    CHECK_FALSE(engine->description.empty());
  }
  const auto unknown = engine_for("oracle:x");
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().code == errc::invalid_parameter);
  for (const auto* const engine : engines()) {
    CHECK(unknown.error().detail.find(engine->scheme) != std::string::npos);
  }
  CHECK_FALSE(engine_for("primary.db"));
}

TEST_CASE("every driver has what its error names, and one engine for both its schemes") {
  for (const auto& driver : drivers()) {
    CAPTURE(driver.scheme);
    CHECK(driver.package.empty() == driver.option.empty());
    if (driver.in_build == nullptr) {
      CHECK_FALSE(driver.package.empty());
      continue;
    }
    CHECK(driver.in_build().scheme == driver.scheme);
    if (driver.alias.empty()) continue;
    const auto found = engine_for(std::string(driver.alias) + "://x");
    REQUIRE(found);
    CHECK(*found == &driver.in_build());
  }
}

TEST_CASE("a driver that was not compiled in is an error that names its package and option") {
  const std::array table{drivers().front(), driver{.scheme = "postgresql",
                                                   .alias = "postgres",
                                                   .package = "libpqxx-dev",
                                                   .option = "KEELSON_POSTGRES"}};
  for (const std::string url : {"postgresql://u:pw@h/db", "postgres://u:pw@h/db", "Postgres://"}) {
    const auto absent = engine_for(url, table);
    REQUIRE_FALSE(absent);
    CHECK(absent.error().code == errc::invalid_parameter);
    CHECK(absent.error().detail.find("libpqxx-dev") != std::string::npos);
    CHECK(absent.error().detail.find("KEELSON_POSTGRES=ON") != std::string::npos);
    CHECK(absent.error().detail.find("pw") == std::string::npos);
  }
  // It is not offered to who asks for something else.
  const auto unknown = engine_for("oracle:x", table);
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().detail.find("postgres") == std::string::npos);
}

TEST_CASE("a URL is shown without its secrets") {
  CHECK(without_secrets("sqlite:primary.db") == "sqlite:primary.db");
  CHECK(without_secrets("postgresql://u:pw@host:5432/db") == "postgresql://u@host:5432/db");
  CHECK(without_secrets("postgresql://u@host/db?sslmode=require") ==
        "postgresql://u@host/db?sslmode=require");
  CHECK(without_secrets("redis://:pw@host/0") == "redis://@host/0");
  CHECK(without_secrets("redis://:p/w?@x@host/0") == "redis://@host/0");
  CHECK(without_secrets("mongodb://a:1,b:2/db") == "mongodb://a:1,b:2/db");
  CHECK(without_secrets("x://h/db?password=pw") == "x://h/db");
  CHECK(without_secrets("x://h/db?password=pw&a=1") == "x://h/db?a=1");
  CHECK(without_secrets("x://h/db?a=1&sslPassword=pw&b=2") == "x://h/db?a=1&b=2");
  CHECK(without_secrets("x://h/db?token=a&secret=b") == "x://h/db");
  CHECK(without_secrets("x://h/db?user=a@b") == "x://h/db?user=a@b");
  CHECK(without_secrets("postgres:host=h password=pw port=1") == "postgres:host=h port=1");
}
