#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "tests/conformance/history.hpp"
#include "tests/conformance/trial.hpp"

using namespace keelson;
using namespace keelson::conformance;
using backends::store_point;
namespace fs = std::filesystem;

namespace {

const subject& files_subject() {
  return *std::ranges::find(subjects(), "file", &subject::scheme);
}

std::string bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void set_bytes(const fs::path& file, std::string_view bytes) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

/// A secondary in files, opened and closed as the test wants.
class files_trial {
 public:
  files_trial() : here_(files_subject()) { open(); }

  void open() {
    close();
    store_ = must(here_.open(secondary_owner()));
    session_ = must(store_->open_secondary());
    reader_ = must(store_->open_reader());
  }
  void close() {
    reader_.reset();
    session_.reset();
    store_.reset();
  }
  result<void> apply(const std::vector<commit_plan>& commits) {
    const auto planned = log_.plan(commits);
    auto done = apply_group(*session_, stands_, applied(planned.next), planned);
    if (!done) return done;
    stands_ = applied(planned.next);
    log_.accept(planned);
    return done;
  }
  void write(const std::vector<commit_plan>& commits) {
    must(apply(commits));
    must(session_->sync());
  }
  std::optional<document> get(std::string_view collection, std::string_view key) {
    const std::vector ids{id_of(collection, key)};
    return must(reader_->get(ids)).documents.front();
  }
  std::vector<document> all() {
    const std::size_t no_limit = std::size_t{1} << 30;
    return must(reader_->scan({.max_documents = no_limit, .max_bytes = no_limit})).documents;
  }
  /// That everything is as the log has it.
  void check_equal() {
    const auto found = all();
    REQUIRE(found.size() == log_.documents().size());
    for (const auto& each : found) CHECK((each == log_.documents().at(each.id)));
    CHECK(must(session_->state()).point == stands_);
  }
  [[nodiscard]] fs::path path(const std::string& name) const {
    return here_.location().folder / "kv" / name;
  }
  [[nodiscard]] const trial& here() const { return here_; }
  backends::secondary_session& session() { return *session_; }
  history& log() { return log_; }
  [[nodiscard]] const store_point& stands() const { return stands_; }

 private:
  trial here_;
  history log_ = detached_history();
  store_point stands_;
  std::shared_ptr<backends::store> store_;
  std::unique_ptr<backends::secondary_session> session_;
  std::unique_ptr<backends::store_reader> reader_;
};

}  // namespace

TEST_CASE("a collection's file is an object of keys and values, a line each") {
  files_trial files;
  files.write({{put("cities", "b", R"({"name":"B","of":[1,2]})"), put("cities", "a\"\n\x01é", "1"),
                put("other", "k", "null")}});
  CHECK(bytes_of(files.path("cities.json")) ==
        "{\n  \"a\\\"\\n\\u0001é\": 1,\n  \"b\": {\"name\":\"B\",\"of\":[1,2]}\n}\n");
  CHECK(bytes_of(files.path("other.json")) == "{\n  \"k\": null\n}\n");
  files.check_equal();
  files.open();
  files.check_equal();
  files.write({{removal("other", "k")}});
  CHECK_FALSE(fs::exists(files.path("other.json")));
  files.open();
  files.check_equal();
}

TEST_CASE("what is applied is in the files with the next sync, or when the store is closed") {
  files_trial files;
  must(files.apply({{put("c", "k", "1")}}));
  CHECK_FALSE(fs::exists(files.path("c.json")));
  files.check_equal();
  must(files.session().sync());
  CHECK(fs::exists(files.path("c.json")));
  must(files.apply({{put("c", "k", "2")}}));
  files.close();
  CHECK(bytes_of(files.path("c.json")) == "{\n  \"k\": 2\n}\n");
}

TEST_CASE("an edit by hand is seen at the next read, and is a difference") {
  files_trial files;
  files.write({{put("c", "a", "1"), put("c", "b", "2"), put("c", "d", "4"), put("e", "k", "5")}});
  const auto& right = files.log().documents();
  const bool opened_anew = GENERATE(false, true);
  if (opened_anew) files.close();
  set_bytes(files.path("c.json"), R"({ "new": [1, 2.0], "a": 9, "d": 4 })");
  set_bytes(files.path("f.json"), R"({"by hand": true})");
  fs::remove(files.path("e.json"));
  if (opened_anew) files.open();

  const auto changed = files.get("c", "a");
  REQUIRE(changed);
  CHECK(changed->value == "9");
  CHECK(changed->version == right.at(id_of("c", "a")).version);
  CHECK(computed_hash(*changed) != changed->hash);
  CHECK_FALSE(files.get("c", "b"));
  CHECK(files.get("c", "d") == right.at(id_of("c", "d")));
  CHECK_FALSE(files.get("e", "k"));
  const auto added = files.get("c", "new");
  REQUIRE(added);
  CHECK(added->value == "[1,2]");
  CHECK(added->version == version{});
  CHECK(computed_hash(*added) == added->hash);
  CHECK(files.get("f", "by hand"));

  // What comes from the primary is written, and the rest of the edit stays.
  files.write({{put("c", "b", "3")}});
  CHECK(bytes_of(files.path("c.json")) ==
        "{\n  \"a\": 9,\n  \"b\": 3,\n  \"d\": 4,\n  \"new\": [1,2]\n}\n");
  CHECK(files.get("c", "a") == changed);
}

TEST_CASE("an edit meets what was applied and not synced yet") {
  files_trial files;
  files.write({{put("c", "a", "1"), put("c", "b", "2")}});
  must(files.apply({{put("c", "a", "10"), put("c", "x", "3")}}));
  set_bytes(files.path("c.json"), R"({"a": 7, "b": 8})");
  CHECK(files.get("c", "a")->value == "10");
  CHECK(files.get("c", "b")->value == "8");
  must(files.session().sync());
  CHECK(bytes_of(files.path("c.json")) == "{\n  \"a\": 10,\n  \"b\": 8,\n  \"x\": 3\n}\n");
}

TEST_CASE("another layout of the same values is no difference") {
  files_trial files;
  files.write({{put("c", "a", R"({"x":1,"y":[true]})"), put("c", "b", "2")}});
  set_bytes(files.path("c.json"), "{\"b\" : 2.0,\n\n \"\\u0061\": {\"y\": [ true ], \"x\": 1e0}}");
  files.check_equal();
}

TEST_CASE("a damaged file is set aside and never written over") {
  files_trial files;
  files.write({{put("c", "a", "1"), put("c", "b", "2"), put("d", "k", "3")}});
  const std::string damaged =
      GENERATE(as<std::string>{}, "", "{\"a\": 1", "[1]", "{\"a\":1,\"a\":2}", "{\"\": 1}",
               "{\"a\": 1e999}", "\xff\xfe");
  CAPTURE(damaged);
  const bool running = GENERATE(true, false);
  for (const std::string aside : {"c.json.damaged", "c.json.damaged-1"}) {
    if (!running) files.close();
    set_bytes(files.path("c.json"), damaged);
    if (!running) files.open();
    CHECK_FALSE(files.get("c", "a"));
    CHECK(files.get("d", "k"));
    CHECK_FALSE(fs::exists(files.path("c.json")));
    CHECK(bytes_of(files.path(aside)) == damaged);
    files.write({{put("c", "b", "3")}});
    CHECK(bytes_of(files.path("c.json")) == "{\n  \"b\": 3\n}\n");
  }
  CHECK(bytes_of(files.path("c.json.damaged")) == damaged);
}

TEST_CASE("a damaged file is not written over by what was applied before") {
  files_trial files;
  files.write({{put("c", "a", "1")}});
  must(files.apply({{put("c", "b", "2")}}));
  set_bytes(files.path("c.json"), "half a te");
  must(files.session().sync());
  CHECK(bytes_of(files.path("c.json.damaged")) == "half a te");
  CHECK(bytes_of(files.path("c.json")) == "{\n  \"b\": 2\n}\n");
}

TEST_CASE("without what is beside them, documents have no version; the damaged file is kept") {
  files_trial files;
  files.write({{put("c", "a", "1")}});
  files.close();
  const auto rest = files.path(".keelson/c.rest");
  REQUIRE(fs::exists(rest));
  set_bytes(rest, "scribble");
  files.open();
  CHECK(files.get("c", "a")->version == version{});
  CHECK(bytes_of(files.path(".keelson/c.rest.damaged")) == "scribble");
}

TEST_CASE("files whose position is damaged or missing are called corrupt") {
  files_trial files;
  files.write({{put("c", "a", "1")}});
  files.close();
  const auto state = files.path(".keelson/state");
  const auto right = bytes_of(state);
  SECTION("damaged") {
    set_bytes(state, right.substr(0, right.size() - 1));
  }
  SECTION("missing") {
    fs::remove(state);
  }
  SECTION("a damaged journal") {
    set_bytes(files.path(".keelson/journal"), "x");
  }
  CHECK(code_of(files.here().open(secondary_owner())) == errc::store_corrupt);
  CHECK(bytes_of(files.path("c.json")) == "{\n  \"a\": 1\n}\n");
}

TEST_CASE("a sync that was cut short anywhere takes effect as a whole or not at all") {
  files_trial files;
  files.write({{put("a", "k", "1"), put("b", "k", "1"), put("c", "gone", "1")}});
  const auto before = files.stands();
  const auto old_documents = files.log().documents();
  must(files.apply(
      {{put("a", "k", "2"), put("b", "k", "2"), removal("c", "gone"), put("d", "k", "2")}}));
  // Where a file cannot be written, the sync ends.
  const std::string cut =
      GENERATE(as<std::string>{}, ".keelson/journal.new", ".keelson/a.rest.new", "a.json.new",
               ".keelson/b.rest.new", "b.json.new", "d.json.new", ".keelson/state.new");
  CAPTURE(cut);
  fs::create_directory(files.path(cut));
  CHECK(code_of(files.session().sync()) == errc::store_io);
  CHECK(code_of(files.session().sync()) == errc::store_io);
  files.close();
  const bool begun = cut != ".keelson/journal.new";
  CHECK(fs::exists(files.path(".keelson/journal")) == begun);
  if (cut == "b.json.new") {
    CHECK(bytes_of(files.path("a.json")) == "{\n  \"k\": 2\n}\n");
    CHECK(bytes_of(files.path("b.json")) == "{\n  \"k\": 1\n}\n");
  }
  fs::remove(files.path(cut));
  files.open();
  if (begun) {
    files.check_equal();
    CHECK_FALSE(fs::exists(files.path(".keelson/journal")));
    return;
  }
  CHECK(must(files.session().state()).point == before);
  const auto found = files.all();
  REQUIRE(found.size() == old_documents.size());
  for (const auto& each : found) CHECK(each == old_documents.at(each.id));
}

TEST_CASE("a collection that would not fit into a file is refused, and nothing of it is applied") {
  files_trial files;
  std::vector<commit_plan> many(1);
  for (int i = 0; i < 10'000; ++i) many.front().push_back(put("c", std::to_string(i), "1"));
  files.write(many);
  const auto refused = files.apply({{put("d", "k", "1")}, {put("c", "one too many", "1")}});
  CHECK(code_of(refused) == errc::storage_full);
  CHECK(refused.error().detail.find("'c' would have 10001 documents") != std::string::npos);
  CHECK_FALSE(files.get("d", "k"));
  CHECK(must(files.session().state()).point == files.stands());
  files.write({{removal("c", "0"), put("c", "instead", "1")}});

  const std::string large = '"' + std::string(std::size_t{1} << 20, 'x') + '"';
  std::vector<commit_plan> bytes(1);
  for (int i = 0; i < 15; ++i) bytes.front().push_back(put("e", std::to_string(i), large));
  files.write(bytes);
  const auto too_large = files.apply({{put("e", "15", large)}});
  CHECK(code_of(too_large) == errc::storage_full);
  CHECK(too_large.error().detail.find("16 MiB") != std::string::npos);
  files.write({{put("e", "0", "1")}, {put("e", "15", large)}});
  files.open();
  files.check_equal();
}

TEST_CASE("files in another place than was opened are not written") {
  files_trial files;
  files.write({{put("c", "a", "1")}});
  must(files.apply({{put("c", "a", "2")}}));
  const auto folder = files.path("");
  fs::rename(files.path("..") / "kv", files.path("..") / "away");
  {
    const auto other = must(files.here().open(secondary_owner()));
    must(must(other->open_secondary())->sync());
  }
  CHECK(code_of(files.session().sync()) == errc::store_io);
  files.close();
  CHECK_FALSE(fs::exists(files.path("c.json")));
  CHECK(bytes_of(files.path("..") / "away" / "c.json") == "{\n  \"a\": 1\n}\n");
}

TEST_CASE("a folder of somebody's files is foreign, one of ours may have others in it") {
  const trial here(files_subject());
  const auto folder = here.location().folder / "kv";
  fs::create_directories(folder / ".keelson");
  CHECK(must(here.inspect()).what == backends::place::kind::empty);
  must(here.open(secondary_owner()));
  set_bytes(folder / "README.md", "notes");
  set_bytes(folder / "Not a collection.json", "notes");
  must(here.open(secondary_owner()));
  fs::remove(folder / ".keelson" / "keelson.json");
  const auto found = must(here.inspect());
  CHECK(found.what == backends::place::kind::foreign);
  CHECK(code_of(here.open(secondary_owner(), backends::foreign_policy::adopt)) ==
        errc::store_foreign);
  set_bytes(folder / ".keelson" / "keelson.json", "{}");
  CHECK(must(here.inspect()).what == backends::place::kind::foreign);
}
