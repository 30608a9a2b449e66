#include <catch2/catch.hpp>

#include "tests/conformance/trial.hpp"
#include "tests/unit/commit_record/run.hpp"

using namespace keelson;
using namespace keelson::backends;
using namespace keelson::backends::commit_record;
using namespace keelson::conformance;

namespace {

/// Does `meanwhile` when the step with this number begins.
fate_of_step interrupt(std::size_t at, const std::function<void(std::string_view)>& meanwhile) {
  return [=, step = std::size_t{0}](std::string_view name) mutable {
    if (step++ == at) meanwhile(name);
    return fate::done;
  };
}

void must_do(store& on, const operation& what) {
  const auto session = must(on.open_primary());
  must(what(*session, read_contents(on)));
}

/// What a log makes of documents: those that its records leave.
std::vector<document> documents_of(const std::vector<log_record>& log) {
  std::map<document_id, document> left;
  for (const auto& record : log) {
    left.erase(record.id);
    if (record.op == change_op::remove) continue;
    left[record.id] = {.id = record.id,
                       .version = record.at,
                       .time = record.time,
                       .hash = record.hash_after,
                       .meta = record.meta,
                       .value = record.value};
  }
  std::vector<document> all;
  all.reserve(left.size());
  for (auto& [_, document] : left) all.push_back(std::move(document));
  return all;
}

bool has_value(const contents& in, std::string_view value) {
  return std::ranges::any_of(in.log, [&](const log_record& each) { return each.value == value; });
}

}  // namespace

TEST_CASE("of two writers one commits, wherever the other one comes between") {
  for (std::size_t at = 0;; ++at) {
    CAPTURE(at);
    const auto disk = std::make_shared<record_disk>();
    const auto other = open_on(disk);
    must_do(*other, commit({{put("c", "a", "0"), put("c", "b", "0")}}));
    const auto before = read_contents(*other);
    bool came = false;
    const auto meanwhile = [&](std::string_view) {
      came = true;
      must_do(*other, commit({{put("c", "a", "\"other\""), removal("c", "b")}}));
      must_do(*other, commit({{put("c", "c", "\"other\"")}}));
    };
    const auto mine = open_on(disk, interrupt(at, meanwhile));
    const auto session = must(mine->open_primary());
    const auto done =
        commit({{put("c", "a", "\"mine\""), put("c", "b", "\"mine\""), removal("c", "c")}})(
            *session, before);
    if (!came) break;
    const auto after = read_contents(*other);
    CHECK(has_value(after, "\"mine\"") == done.has_value());
    if (!done) CHECK(done.error().code == errc::fenced);
    CHECK((after.documents == documents_of(after.log)));
    CHECK(must(session->meta()) == after.meta);
  }
}

TEST_CASE("a writer whose number is free again only because the log was trimmed is fenced") {
  for (std::size_t at = 0;; ++at) {
    CAPTURE(at);
    const auto disk = std::make_shared<record_disk>();
    const auto other = open_on(disk);
    must_do(*other, commit({{put("c", "a", "0")}}));
    const auto before = read_contents(*other);
    bool reached_insert = false;
    const auto meanwhile = [&](std::string_view step) {
      reached_insert = step == "insert";
      if (!reached_insert) return;
      must_do(*other, commit({{put("c", "a", "\"other\""), put("c", "b", "1")}}));
      must_do(*other, commit({{removal("c", "b")}}));
      must_do(*other, trim_through(100));
    };
    const auto mine = open_on(disk, interrupt(at, meanwhile));
    const auto session = must(mine->open_primary());
    const auto done = commit({{put("c", "b", "\"mine\"")}})(*session, before);
    if (!reached_insert) continue;
    REQUIRE_FALSE(done);
    CHECK(done.error().code == errc::fenced);
    const auto after = read_contents(*other);
    REQUIRE(after.documents.size() == 1);
    CHECK(after.documents[0].value == "\"other\"");
    CHECK(must(session->meta()) == after.meta);
    // What the late record left behind is in nobody's way, and goes.
    must_do(*other, commit({{put("c", "z", "1")}}));
    must_do(*other, trim_through(100));
    CHECK(disk->records.size() <= 2);
    break;
  }
}

TEST_CASE("a row that is raised late does not undo a later one") {
  const auto disk = std::make_shared<record_disk>();
  memory_records engine(disk);
  const auto id = id_of("c", "k");
  const std::string value = "\"late\"";
  const std::vector early{row_view{.id = &id, .version = {1}, .value = value}};
  const std::vector removed{removal_of(id)};
  must(engine.raise({.number = 5, .rows = removed, .system = {}}));
  must(engine.raise({.number = 4, .rows = early, .system = {}}));
  CHECK_FALSE(disk->documents.at(id).value);
  must(engine.raise({.number = 6, .rows = early, .system = {}}));
  CHECK(disk->documents.at(id).value);
}

TEST_CASE("a store whose records are gone is corrupt, not new") {
  const auto disk = std::make_shared<record_disk>();
  must_do(*open_on(disk), commit({{put("c", "k", "1")}}));
  disk->records.clear();
  const auto store = open_on(disk);
  CHECK(code_of(store->open_primary()) == errc::store_corrupt);
  CHECK(code_of(must(store->open_reader())->point()) == errc::store_corrupt);
  CHECK(disk->records.empty());
}

TEST_CASE("a log with a hole in it is corrupt, and is not read over the hole") {
  const auto disk = std::make_shared<record_disk>();
  const auto store = open_on(disk);
  for (const char* const key : {"a", "b", "c"}) must_do(*store, commit({{put("c", key, "1")}}));
  disk->records.erase(3);
  const auto reader = must(store->open_primary_reader());
  CHECK(code_of(reader->read_log({}, 10, 1000)) == errc::store_corrupt);
  CHECK(must(reader->read_log({}, 1, 1000)).records.size() == 1);
}

TEST_CASE("what an engine cannot hold is refused before anything is written") {
  const auto disk = std::make_shared<record_disk>();
  const auto store = open_on(disk);
  const auto session = must(store->open_primary());
  const auto before = read_contents(*store);
  const std::string large = '"' + std::string(memory_records::largest_value, 'x') + '"';
  const auto done = commit({{put("c", "a", "1"), put("c", "b", large)}})(*session, before);
  REQUIRE_FALSE(done);
  CHECK(done.error().code == errc::too_large);
  CHECK((read_contents(*store) == before));
  must(commit({{put("c", "a", "1")}})(*session, before));
}
