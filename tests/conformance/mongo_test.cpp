#include <algorithm>
#include <string>
#include <vector>

#include "backends/mongo/finding.hpp"
#include "backends/mongo/raising.hpp"
#include "backends/mongo/stored_rows.hpp"
#include "tests/conformance/history.hpp"
#include "tests/conformance/trial.hpp"

using namespace keelson;
using namespace keelson::conformance;
using namespace keelson::backends::mongo;
using backends::place;
using backends::store_location;

namespace {

/// Absent where no server of MongoDB's protocol can be had, which the suite says by name.
const subject* mongo_subject() {
  const auto found = std::ranges::find(subjects(), "mongodb", &subject::scheme);
  return found == subjects().end() ? nullptr : &*found;
}

std::size_t rows_in(const database& at, const char* collection) {
  std::size_t rows = 0;
  const auto count = [&](const bson_members&) -> result<bool> {
    ++rows;
    return true;
  };
  must(find(at, collection, {}, count));
  return rows;
}

const backends::engine& engine_of(const std::string& url) {
  return *must(backends::engine_for(url));
}

}  // namespace

TEST_CASE(
    "collections with our names but without our mark are foreign, others are nobody's matter") {
  const auto* const subject = mongo_subject();
  if (subject == nullptr) return;
  const trial here(*subject);
  const auto at = must(database::at(here.location()));
  bson_doc theirs;
  theirs.text("_id", "theirs").text("what", "a keel");
  REQUIRE(must(insert_row(*at, "orders", theirs)));
  CHECK(must(here.inspect()).what == place::kind::empty);
  REQUIRE(must(insert_row(*at, documents_name, theirs)));
  const auto found = must(here.inspect());
  CHECK(found.what == place::kind::foreign);
  CHECK(found.reason.find(documents_name) != std::string::npos);
  for (const auto policy : {backends::foreign_policy::refuse, backends::foreign_policy::adopt}) {
    CHECK(code_of(here.open(primary_owner(), policy)) == errc::store_foreign);
    CHECK(code_of(here.open(secondary_owner(), policy)) == errc::store_foreign);
  }
  CHECK(rows_in(*at, documents_name) == 1);
  CHECK(rows_in(*at, meta_name) == 0);
  CHECK(rows_in(*at, records_name) == 0);
}

TEST_CASE("looking at a database of MongoDB makes no collection") {
  const auto* const subject = mongo_subject();
  if (subject == nullptr) return;
  const trial here(*subject);
  CHECK(must(here.inspect()).what == place::kind::empty);
  const auto at = must(database::at(here.location()));
  const lease with(*at);
  mongoc_database_t* const raw = mongoc_client_get_database(with.client(), at->name().c_str());
  char** const names = mongoc_database_get_collection_names_with_opts(raw, nullptr, nullptr);
  REQUIRE(names != nullptr);
  CHECK(names[0] == nullptr);
  bson_strfreev(names);
  mongoc_database_destroy(raw);
}

TEST_CASE("values can be read and queried with MongoDB's own means") {
  const auto* const subject = mongo_subject();
  if (subject == nullptr) return;
  const trial here(*subject);
  const auto store = must(here.open(primary_owner()));
  const auto session = must(store->open_primary());
  history log(must(session->meta()));
  const std::string large = "18446744073709551615";
  log.commit(*session, {{put("cities", "a", R"({"a.b":{"$x":)" + large + R"(},"inhabitants":5})")},
                        {put("cities", "b", R"({"inhabitants":7})")}});
  const auto at = must(database::at(here.location()));
  search wanted;
  wanted.filter.text("collection", "cities").number("value.inhabitants", 5);
  std::string key;
  const auto take = [&](const bson_members& row) -> result<bool> {
    key += row.text("key");
    bson_t value;
    REQUIRE(row.object("value", value));
    bson_iter_t all;
    bson_iter_t found;
    REQUIRE(bson_iter_init(&all, &value));
    REQUIRE(bson_iter_find_descendant(&all, "a\uFF0Eb.\uFF04x", &found));
    CHECK(bson_iter_type(&found) == BSON_TYPE_DECIMAL128);
    return true;
  };
  must(find(*at, documents_name, wanted, take));
  CHECK(key == "a");
  const std::vector ids{id_of("cities", "a")};
  CHECK(must(session->read(ids, {})).documents[0] == log.documents().at(ids[0]));
}

TEST_CASE("a document of almost 16 MiB is kept, a larger one refused before anything is written") {
  const auto* const subject = mongo_subject();
  if (subject == nullptr) return;
  const trial here(*subject);
  const auto store = must(here.open(primary_owner()));
  const auto session = must(store->open_primary());
  history log(must(session->meta()));
  const auto fits = '"' + std::string((std::size_t{16} << 20) - (std::size_t{40} << 10), 'x') + '"';
  log.commit(*session, {{put("c", "large", fits)}});
  const auto larger = log.plan({{put("c", "small", "1"), put("c", "larger", fits + fits)}});
  const auto refused = commit_group(*session, larger);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::too_large);
  CHECK(refused.error().detail.find("16 MiB") != std::string::npos);
  CHECK(must(session->meta()) == log.meta());
  const std::vector ids{id_of("c", "large"), id_of("c", "small")};
  const auto view = must(session->read(ids, {}));
  CHECK((view.documents[0] == log.documents().at(ids[0])));
  CHECK_FALSE(view.documents[1]);
}

TEST_CASE("what a trim leaves behind is swept from all collections") {
  const auto* const subject = mongo_subject();
  if (subject == nullptr) return;
  const trial here(*subject);
  const auto store = must(here.open(primary_owner()));
  const auto session = must(store->open_primary());
  history log(must(session->meta()));
  for (int i = 0; i < 20; ++i) log.commit(*session, {{put("c", std::to_string(i), "1")}});
  for (int i = 0; i < 20; ++i) log.commit(*session, {{removal("c", std::to_string(i))}});
  auto with_row = log.plan({});
  with_row.system = {{"row", "1"}};
  must(commit_group(*session, with_row));
  with_row.system = {{"row", std::nullopt}};
  must(commit_group(*session, with_row));
  const auto at = must(database::at(here.location()));
  CHECK(rows_in(*at, documents_name) == 20);
  must(session->trim(log.meta().last, 1000));
  CHECK(rows_in(*at, documents_name) == 0);
  CHECK(rows_in(*at, system_name) == 0);
  CHECK(rows_in(*at, records_name) == 1);
}

TEST_CASE("no password is in what is said about a MongoDB that cannot be reached or named") {
  for (const std::string url :
       {"mongodb://keeper:s3cret@127.0.0.1:1/db?serverSelectionTimeoutMS=50",
        "mongodb://keeper:s3c%ret@127.0.0.1:1/db", "mongodb://keeper:s3cret@/db",
        "mongodb://keeper:s3cret@127.0.0.1:1/db?authMechanism=MONGODB-AWS&"
        "authMechanismProperties=AWS_SESSION_TOKEN:s3cret"}) {
    CAPTURE(url);
    if (!backends::engine_for(url)) return;
    const store_location location{.url = url, .folder = {}};
    const auto& engine = engine_of(url);
    const auto seen = engine.inspect(location);
    REQUIRE_FALSE(seen);
    CHECK(seen.error().detail.find("s3c") == std::string::npos);
    const auto opened =
        engine.open(location, primary_owner(), backends::foreign_policy::refuse, first_epoch);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().detail.find("s3c") == std::string::npos);
    CHECK(opened.error().code == seen.error().code);
  }
}

TEST_CASE("a MongoDB that is not there is unavailable") {
  const store_location location{.url = "mongodb://127.0.0.1:1/db?serverSelectionTimeoutMS=50"};
  CHECK(code_of(engine_of(location.url).inspect(location)) == errc::unavailable);
}
