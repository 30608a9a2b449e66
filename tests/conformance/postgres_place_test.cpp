#include <array>
#include <string>
#include <thread>

#include "tests/conformance/history.hpp"
#include "tests/conformance/postgres_trial.hpp"

using namespace keelson;
using namespace keelson::conformance;
using backends::place;
using servers::postgres_server;

namespace {

/// What the catalogue knows of, and how often anything was written in the database.
constexpr const char* everything =
    "SELECT (SELECT count(*) FROM pg_class), (SELECT count(*) FROM pg_namespace),"
    " (SELECT count(*) FROM pg_proc), (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory')";

result<std::shared_ptr<backends::store>> open_at(const std::string& url,
                                                 const backends::ownership& owner) {
  const auto* const engine = must(backends::engine_for(url));
  return engine->open({.url = url, .folder = {}}, owner, backends::foreign_policy::refuse,
                      first_epoch);
}

}  // namespace

TEST_CASE("looking at a database writes nothing, and an empty schema is an empty place") {
  const auto* const subject = postgres_subject();
  if (subject == nullptr) return;
  const trial here(*subject);
  if (GENERATE(false, true)) sql(here, "CREATE SCHEMA keelson");
  const auto before = sql(here, everything);
  CHECK(must(here.inspect()).what == place::kind::empty);
  CHECK(sql(here, everything) == before);
  must(here.open(primary_owner()));
  CHECK(must(here.inspect()).owner == primary_owner());
}

TEST_CASE("somebody else's tables in the schema are foreign, whatever they are called") {
  const auto* const subject = postgres_subject();
  if (subject == nullptr) return;
  const trial here(*subject);
  sql(here, "CREATE SCHEMA keelson");
  sql(here,
      GENERATE("CREATE TABLE keelson.ownership (owner text)", "CREATE VIEW keelson.a AS SELECT 1",
               "CREATE FUNCTION keelson.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
               "CREATE TYPE keelson.colour AS ENUM ('red')"));
  CHECK(must(here.inspect()).what == place::kind::foreign);
  CHECK(code_of(here.open(primary_owner())) == errc::store_foreign);
}

TEST_CASE("adopting makes tables beside foreign ones, and never takes one") {
  const auto* const subject = postgres_subject();
  if (subject == nullptr) return;
  const trial here(*subject);
  sql(here, "CREATE SCHEMA keelson");
  SECTION("beside") {
    sql(here, "CREATE TABLE keelson.notes AS SELECT 'a keel' AS line");
    must(here.open(primary_owner(), backends::foreign_policy::adopt));
    CHECK(sql(here, "SELECT line FROM keelson.notes") == "a keel\n");
    CHECK(must(here.inspect()).owner == primary_owner());
  }
  SECTION("in the way") {
    sql(here, "CREATE TABLE keelson.documents AS SELECT 'a keel' AS line");
    CHECK(code_of(here.open(primary_owner(), backends::foreign_policy::adopt)) ==
          errc::store_foreign);
    CHECK(sql(here, "SELECT line FROM keelson.documents") == "a keel\n");
    CHECK(must(here.inspect()).what == place::kind::foreign);
  }
}

TEST_CASE("tables of a later release are refused") {
  const auto* const subject = postgres_subject();
  if (subject == nullptr) return;
  const trial here(*subject);
  must(here.open(primary_owner()));
  sql(here, "UPDATE keelson.ownership SET tables = tables + 1");
  const auto refused = here.open(primary_owner());
  REQUIRE(code_of(refused) == errc::store_mismatch);
  CHECK(refused.error().detail.find("version 2") != std::string::npos);
}

TEST_CASE("of those that open an empty database at once one makes the tables") {
  const auto* const subject = postgres_subject();
  if (subject == nullptr) return;
  const trial here(*subject);
  std::array<std::string, 4> faults;
  std::vector<std::thread> openers;
  for (auto& fault : faults) {
    openers.emplace_back([&] {
      const auto opened = here.open(primary_owner());
      if (!opened && opened.error().code != errc::unavailable) fault = opened.error().detail;
    });
  }
  for (auto& opener : openers) opener.join();
  for (const auto& fault : faults) CHECK(fault.empty());
  CHECK(sql(here, "SELECT count(*), min(tables) FROM keelson.ownership") == "1|1\n");
  must(must(here.open(primary_owner()))->open_primary());
}

TEST_CASE("a server that may lose what it acknowledged keeps no primary") {
  if (postgres_subject() == nullptr) return;
  const std::string setting = GENERATE("fsync", "full_page_writes");
  postgres_server unsafe({"-c", setting + "=off"});
  const auto url = unsafe.fresh_url();
  const auto refused = open_at(url, primary_owner());
  REQUIRE(code_of(refused) == errc::not_supported);
  CHECK(refused.error().detail.find(setting + " = off") != std::string::npos);
  CHECK(unsafe.run(url, "SELECT to_regnamespace('keelson') IS NULL") == "t\n");
  must(open_at(url, secondary_owner()));
}

TEST_CASE("a database with another encoding than UTF8 is refused") {
  if (postgres_subject() == nullptr) return;
  auto& server = postgres_server::shared();
  server.run(server.url("postgres"),
             "CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
  const auto refused = open_at(server.url("latin"), primary_owner());
  REQUIRE(code_of(refused) == errc::not_supported);
  CHECK(refused.error().detail.find("LATIN1") != std::string::npos);
}

TEST_CASE("no error shows a password, however the URL is broken") {
  if (postgres_subject() == nullptr) return;
  const std::string url = GENERATE(
      "postgresql://u:hunter2@127.0.0.1:1/x", "postgresql://u:hunter2@127.0.0.1:port/x",
      "postgresql://u:ab@hunter2@127.0.0.1:1/x", "postgresql://u:ab/hunter2@127.0.0.1:1/x",
      "postgresql://u:ab?hunter2@127.0.0.1:1/x", "postgresql://u:hunter2%zz@127.0.0.1:1/x",
      "postgresql://127.0.0.1:1/x?user=u&password=hunter2", "postgres:host=x password=hunter2",
      "postgresql://127.0.0.1:1/x?password=hunter2&no_such=1",
      "postgresql://127.0.0.1:1/x?sslpassword=hunter2&connect_timeout=1");
  CAPTURE(url);
  const auto* const engine = must(backends::engine_for(url));
  const auto seen = engine->inspect({.url = url, .folder = {}});
  REQUIRE_FALSE(seen);
  CHECK(seen.error().detail.find("hunter2") == std::string::npos);
  CHECK(open_at(url, primary_owner()).error().detail.find("hunter2") == std::string::npos);
  CHECK(backends::without_secrets(url).find("hunter2") == std::string::npos);
}
