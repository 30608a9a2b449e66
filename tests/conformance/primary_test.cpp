#include <string>
#include <vector>

#include "tests/conformance/history.hpp"
#include "tests/conformance/trial.hpp"

using namespace keelson;
using namespace keelson::conformance;

TEST_CASE("a new primary stands at the base of its first epoch") {
  const auto& subject = GENERATE(from_range(primaries()));
  CAPTURE(subject.scheme);
  const trial place(subject);
  const auto store = must(place.open(primary_owner()));
  const auto meta = must(must(store->open_primary())->meta());
  CHECK(meta.log_id == primary_owner().log_id);
  REQUIRE(meta.epochs.size() == 1);
  CHECK(meta.epoch().name == first_epoch);
  CHECK(meta.last == sequence{0});
  CHECK(meta.chain == chain_start(meta.log_id));
  CHECK(meta.oldest_chain == meta.chain);
  CHECK(meta.term == 0);

  const auto reader = must(store->open_primary_reader());
  CHECK(must(reader->meta()) == meta);
  const auto point = must(reader->point());
  CHECK(point.what == backends::store_point::phase::applied);
  CHECK(point.at == meta.end());
  CHECK(must(reader->read_log({}, 10, 1000)).records.empty());
  const auto page = must(reader->scan({}));
  CHECK(page.documents.empty());
  CHECK(page.at_end);
  CHECK(store->abilities().transactional == place.engine().abilities.transactional);
}

TEST_CASE("a commit is read back whole, with everything that was written") {
  const auto& subject = GENERATE(from_range(primaries()));
  CAPTURE(subject.scheme);
  const trial place(subject);
  const auto store = must(place.open(primary_owner()));
  const auto session = must(store->open_primary());
  history log(must(session->meta()));
  log.commit(*session, {{put("cities", "a", R"({"name":"A"})"), put("cities", "b", "1")},
                        {removal("cities", "b")},
                        {put("cities", "a", "[]"), put("other", "a", "null")}});

  CHECK(must(session->meta()) == log.meta());
  const std::vector ids{id_of("cities", "b"), id_of("cities", "a"), id_of("other", "a"),
                        id_of("cities", "a")};
  const auto view = must(session->read(ids, {}));
  REQUIRE(view.documents.size() == 4);
  CHECK_FALSE(view.documents[0]);
  CHECK(view.documents[1] == log.documents().at(ids[1]));
  CHECK(view.documents[2] == log.documents().at(ids[2]));
  CHECK(view.documents[3] == view.documents[1]);
  CHECK(must(session->read({}, {})).documents.empty());

  const auto reader = must(store->open_reader());
  const auto read = must(reader->get(ids));
  CHECK(read.documents == view.documents);
  CHECK(read.at.before.at == log.meta().end());
  CHECK(read.at.after == read.at.before);
  CHECK(computed_hash(*read.documents[1]) == read.documents[1]->hash);
  CHECK(must(must(store->open_primary_reader())->read_log({}, 100, 1 << 20)).records ==
        log.records());
}

TEST_CASE("a record keeps every field") {
  const auto& subject = GENERATE(from_range(primaries()));
  CAPTURE(subject.scheme);
  const trial place(subject);
  const auto store = must(place.open(primary_owner()));
  const auto session = must(store->open_primary());
  const history log(must(session->meta()));
  auto planned = log.plan({{put("c", "k", "1")}});
  planned.records[0].meta = "meta\x01\xff";
  planned.records[0].image_before = "\"before\"";
  planned.records[0].principal = "somebody";
  planned.records[0].request_id = "request-1";
  planned.records[0].previous = {~std::uint64_t{0} >> 1};
  planned.records[0].bytes_before = std::uint64_t{1} << 40;
  planned.records[0].hash_before.bytes.fill(0xab);
  planned.records[0].time = {-5};
  planned.next.epochs.push_back({"bbbbbbbb", {epoch_distance}});
  planned.next.term = 3;
  must(commit_group(*session, planned));

  const auto reader = must(store->open_primary_reader());
  const auto slice = must(reader->read_log({}, 10, 1000));
  CHECK(slice.records == planned.records);
  CHECK(slice.meta == planned.next);
  const std::vector ids{id_of("c", "k")};
  const auto found = must(reader->get(ids)).documents.front();
  REQUIRE(found);
  CHECK(found->meta == planned.records[0].meta);
  CHECK(found->time == planned.records[0].time);
}

TEST_CASE("a commit over another last sequence or term is fenced and writes nothing") {
  const auto& subject = GENERATE(from_range(primaries()));
  CAPTURE(subject.scheme);
  const trial place(subject);
  const auto store = must(place.open(primary_owner()));
  const auto session = must(store->open_primary());
  history log(must(session->meta()));
  log.commit(*session, {{put("c", "k", "1")}});

  auto stale = log.plan({{put("c", "k", "2"), put("c", "new", "2")}});
  stale.system = {{"row", "value"}};
  SECTION("last sequence") {
    stale.before.last = {0};
  }
  SECTION("a sequence ahead") {
    stale.before.last = {99};
  }
  SECTION("term") {
    stale.before.term = 1;
  }
  CHECK(code_of(commit_group(*session, stale)) == errc::fenced);
  CHECK(must(session->meta()) == log.meta());
  const std::vector ids{id_of("c", "k"), id_of("c", "new")};
  const std::vector<std::string> keys{"row"};
  const auto view = must(session->read(ids, keys));
  CHECK(view.documents[0] == log.documents().at(ids[0]));
  CHECK_FALSE(view.documents[1]);
  CHECK_FALSE(view.system[0]);
  CHECK(must(must(store->open_primary_reader())->read_log({}, 10, 1000)).records == log.records());
  // The session is good for the next one.
  log.commit(*session, {{put("c", "k", "3")}});
  CHECK(must(session->meta()) == log.meta());
}

TEST_CASE("a commit without changes moves term and epoch, and the term fences") {
  const auto& subject = GENERATE(from_range(primaries()));
  CAPTURE(subject.scheme);
  const trial place(subject);
  const auto store = must(place.open(primary_owner()));
  const auto session = must(store->open_primary());
  history log(must(session->meta()));
  log.commit(*session, {{put("c", "k", "1")}});
  auto taken_over = log.plan({});
  taken_over.next.term = 7;
  taken_over.next.last = {taken_over.next.last.value + epoch_distance};
  taken_over.next.epochs.push_back({"bbbbbbbb", taken_over.next.last});
  must(commit_group(*session, taken_over));
  CHECK(must(session->meta()) == taken_over.next);
  CHECK(code_of(commit_group(*session, log.plan({{put("c", "k", "2")}}))) == errc::fenced);

  const auto reader = must(store->open_primary_reader());
  CHECK(must(reader->point()).at == taken_over.next.end());
  log.accept(taken_over);
  log.commit(*session, {{put("c", "k", "3")}});
  CHECK(must(reader->read_log({}, 10, 1000)).records == log.records());
}

TEST_CASE("rows of the system table are written with their commit, in the order of bytes") {
  const auto& subject = GENERATE(from_range(primaries()));
  CAPTURE(subject.scheme);
  const trial place(subject);
  const auto store = must(place.open(primary_owner()));
  const auto session = must(store->open_primary());
  history log(must(session->meta()));
  const std::string binary("\x00\x01\xfe", 3);
  auto planned = log.plan({{put("c", "k", "1")}});
  planned.system = {{"b/2", "two"}, {"a", ""}, {"b/1", binary}, {"b/\xff", "last"}, {"c", "c"}};
  must(commit_group(*session, planned));
  log.accept(planned);

  const std::vector<std::string> keys{"b/1", "nothing", "a"};
  const auto view = must(session->read({}, keys));
  CHECK(view.system == std::vector<std::optional<std::string>>{binary, std::nullopt, ""});

  const auto reader = must(store->open_primary_reader());
  const auto names = [&](std::string_view prefix, std::string_view after, std::size_t limit) {
    std::string text;
    for (const auto& row : must(reader->system_rows(prefix, after, limit))) text += row.key + " ";
    return text;
  };
  CHECK(names("", "", 10) == "a b/1 b/2 b/\xff c ");
  CHECK(names("b/", "", 10) == "b/1 b/2 b/\xff ");
  CHECK(names("b/", "b/1", 10) == "b/2 b/\xff ");
  CHECK(names("b/", "b/1", 1) == "b/2 ");
  CHECK(names("b/", "a", 1) == "b/1 ");
  CHECK(names("b/", "c", 10).empty());
  CHECK(names("x", "", 10).empty());
  CHECK(must(reader->system_rows("b/1", "", 1)).front().value == binary);

  auto again = log.plan({});
  again.system = {{"b/2", std::nullopt}, {"absent", std::nullopt}, {"a", "new"}};
  must(commit_group(*session, again));
  CHECK(names("", "", 10) == "a b/1 b/\xff c ");
  CHECK(must(reader->system_rows("a", "", 1)).front().value == "new");
}

TEST_CASE("a primary keeps everything when it is closed and opened again") {
  const auto& subject = GENERATE(from_range(primaries()));
  CAPTURE(subject.scheme);
  const trial place(subject);
  std::optional<history> log;
  const std::string large(std::size_t{1} << 20, 'x');
  for (int round = 0; round < 3; ++round) {
    const auto store = must(place.open(primary_owner()));
    const auto session = must(store->open_primary());
    if (!log) log.emplace(must(session->meta()));
    CHECK(must(session->meta()) == log->meta());
    log->commit(*session, {{put("c", "large", '"' + large + std::to_string(round) + '"')},
                           {put("c", std::to_string(round), "1")}});
  }
  const auto store = must(place.open(primary_owner()));
  const auto reader = must(store->open_primary_reader());
  CHECK(must(reader->meta()) == log->meta());
  const auto slice = must(reader->read_log({}, 100, std::size_t{1} << 30));
  CHECK((slice.records == log->records()));
  const auto page = must(reader->scan({}));
  REQUIRE(page.documents.size() == log->documents().size());
  for (const auto& document : page.documents) {
    CHECK((document == log->documents().at(document.id)));
  }
}
