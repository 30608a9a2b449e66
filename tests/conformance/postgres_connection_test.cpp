#include <string>
#include <vector>

#include "backends/postgres/connection.hpp"
#include "tests/conformance/history.hpp"
#include "tests/conformance/postgres_trial.hpp"

using namespace keelson;
using namespace keelson::conformance;

namespace {

/// Ends the connections of a trial's database; those that hold the lock or the others, or all.
void end_connections(const trial& in, const std::string& which) {
  sql(in,
      "SELECT pg_terminate_backend(a.pid, 10000) FROM pg_stat_activity a"
      " WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND " +
          which);
}
const std::string holds_lock =
    "EXISTS (SELECT FROM pg_locks l WHERE l.pid = a.pid AND l.locktype = 'advisory')";

std::string setting(const trial& in, backends::postgres::server::commits how,
                    const std::string& name) {
  using namespace backends::postgres;
  auto over = must(connection::open(must(server::from_url(in.location().url)), how));
  parameters none;
  return std::string(
      must(over.run_once("SELECT current_setting('" + name + "')", none, "ask")).bytes(0, 0));
}

}  // namespace

TEST_CASE("a writer whose term is over is fenced, and writes nothing") {
  const auto* const subject = postgres_subject();
  if (subject == nullptr) return;
  const trial place(*subject);
  const auto first = must(place.open(primary_owner()));
  const auto session = must(first->open_primary());
  history log(must(session->meta()));
  log.commit(*session, {{put("c", "k", "1")}});
  CHECK(code_of(place.open(primary_owner())) == errc::unavailable);

  // The lock goes with its connection; the fence stays.
  end_connections(place, holds_lock);
  const auto second = must(place.open(primary_owner()));
  const auto taking_over = must(second->open_primary());
  auto raised = log.plan({});
  ++raised.next.term;
  must(commit_group(*taking_over, raised));

  auto late = log.plan({{put("c", "k", "2"), put("c", "new", "2")}});
  late.system = {{"row", "value"}};
  CHECK(code_of(commit_group(*session, late)) == errc::fenced);
  CHECK(code_of(session->trim({1}, 100)) == errc::fenced);
  log.accept(raised);
  CHECK(must(taking_over->meta()) == log.meta());
  log.commit(*taking_over, {{put("c", "k", "3")}});
  const auto reader = must(second->open_primary_reader());
  CHECK(must(reader->read_log({}, 10, 1000)).records == log.records());
  CHECK(must(reader->scan({})).documents.size() == 1);
  CHECK(must(reader->system_rows("", "", 10)).empty());
}

TEST_CASE("a commit whose connection is lost is unknown, and the store opens again at once") {
  const auto* const subject = postgres_subject();
  if (subject == nullptr) return;
  const trial place(*subject);
  const auto store = must(place.open(primary_owner()));
  const auto session = must(store->open_primary());
  const auto reader = must(store->open_reader());
  history log(must(session->meta()));
  log.commit(*session, {{put("c", "k", "1")}});
  end_connections(place, "NOT " + holds_lock);
  CHECK(code_of(commit_group(*session, log.plan({{put("c", "k", "2")}}))) == errc::outcome_unknown);
  CHECK(code_of(session->meta()) == errc::store_io);

  // Readers still hold the one that failed, and read on.
  const auto again = must(place.open(primary_owner()));
  const auto next = must(again->open_primary());
  CHECK(must(next->meta()) == log.meta());
  log.commit(*next, {{put("c", "k", "3")}});
  const std::vector ids{id_of("c", "k")};
  CHECK(must(reader->get(ids)).documents.front()->value == "3");
}

TEST_CASE("an apply whose connection is lost is store_io, and the store stands where it stood") {
  const auto* const subject = postgres_subject();
  if (subject == nullptr) return;
  const trial place(*subject);
  const auto store = must(place.open(secondary_owner()));
  const auto session = must(store->open_secondary());
  end_connections(place, "true");
  CHECK(code_of(session->apply({})) == errc::store_io);
  CHECK(code_of(session->sync()) == errc::store_io);
  const auto again = must(place.open(secondary_owner()));
  CHECK(must(must(again->open_secondary())->state()).point == backends::store_point{});
}

TEST_CASE("a lock that is held elsewhere is waited for, and then said to be held") {
  const auto* const subject = postgres_subject();
  if (subject == nullptr) return;
  const trial place(*subject);
  const auto store = must(place.open(primary_owner()));
  const auto session = must(store->open_primary());
  history log(must(session->meta()));
  using namespace backends::postgres;
  auto other = must(
      connection::open(must(server::from_url(place.location().url)), server::commits::durable));
  must(other.run("BEGIN", "begin"));
  must(other.run("UPDATE keelson.meta SET one = one", "lock"));
  CHECK(code_of(commit_group(*session, log.plan({{put("c", "k", "1")}}))) == errc::unavailable);
  must(other.run("ROLLBACK", "roll back"));
  log.commit(*session, {{put("c", "k", "1")}});
}

TEST_CASE("a connection has our settings, whatever the database or the URL says") {
  const auto* const subject = postgres_subject();
  if (subject == nullptr) return;
  const trial place(*subject);
  using backends::postgres::server;
  sql(place,
      "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off',"
      " current_database()); EXECUTE format('ALTER DATABASE %I SET search_path = other',"
      " current_database()); EXECUTE format('ALTER DATABASE %I SET client_encoding = latin1',"
      " current_database()); END $$");
  CHECK(setting(place, server::commits::durable, "synchronous_commit") == "on");
  CHECK(setting(place, server::commits::soon_durable, "synchronous_commit") == "off");
  CHECK(setting(place, server::commits::durable, "search_path") == "pg_catalog");
  CHECK(setting(place, server::commits::durable, "client_encoding") == "UTF8");
  CHECK(setting(place, server::commits::durable, "statement_timeout") == "4s");
  CHECK(setting(place, server::commits::durable, "application_name") == "keelson");
}

TEST_CASE("options in the URL move the time-outs, and nothing that has to hold") {
  const auto* const subject = postgres_subject();
  if (subject == nullptr) return;
  const trial place(*subject);
  const auto url = place.location().url +
                   "?application_name=ours&options=-c%20statement_timeout%3D7s%20-c%20"
                   "synchronous_commit%3Doff%20-c%20search_path%3Dpublic";
  using namespace backends::postgres;
  auto over = must(connection::open(must(server::from_url(url)), server::commits::durable));
  CHECK(over.facts().statement_timeout == std::chrono::seconds(7));
  parameters none;
  const auto said = must(
      over.run_once("SELECT current_setting('synchronous_commit'), current_setting('search_path'),"
                    " current_setting('application_name')",
                    none, "ask"));
  CHECK(said.bytes(0, 0) == "on");
  CHECK(said.bytes(0, 1) == "pg_catalog");
  CHECK(said.bytes(0, 2) == "ours");
}
