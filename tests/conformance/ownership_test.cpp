#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "tests/conformance/scribe.hpp"

using namespace keelson;
using namespace keelson::conformance;
using backends::foreign_policy;
using backends::ownership;
using backends::place;
using backends::store_role;

namespace {

/// Every file beneath a folder, with its bytes.
std::map<std::string, std::string> files_in(const std::filesystem::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    auto& bytes = files[entry.path().string()];
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(in), {});
  }
  return files;
}

ownership other_log(ownership owner) {
  owner.log_id = "22222222-2222-4222-8222-222222222222";
  return owner;
}

}  // namespace

TEST_CASE("looking at a place creates nothing and says whose it is") {
  const auto& subject = GENERATE(from_range(subjects()));
  CAPTURE(subject.scheme);
  const trial here(subject);
  CHECK(must(here.inspect()).what == place::kind::empty);
  CHECK(files_in(here.location().folder).empty());

  const bool as_secondary = GENERATE(true, false);
  const auto owner = as_secondary ? secondary_owner() : here.owner();
  must(here.open(owner));
  const auto before = files_in(here.location().folder);
  const auto found = must(here.inspect());
  CHECK(found.what == place::kind::ours);
  CHECK(found.owner == owner);
  CHECK(found.format == backends::format_number);
  CHECK(files_in(here.location().folder) == before);
}

TEST_CASE("a store is looked at while it is open and written") {
  const auto& subject = GENERATE(from_range(subjects()));
  CAPTURE(subject.scheme);
  const trial here(subject);
  scribe writer(here);
  writer.commit({{put("c", "k", "1")}});
  CHECK(must(here.inspect()).owner == here.owner());
  writer.commit({{put("c", "k", "2")}});
  writer.check_point();
}

TEST_CASE("a store with another mark is not opened, and not changed") {
  const auto& subject = GENERATE(from_range(subjects()));
  CAPTURE(subject.scheme);
  const trial here(subject);
  {
    const auto store = must(here.open(secondary_owner()));
    must(must(store->open_secondary())->sync());
  }
  const auto before = files_in(here.location().folder);
  auto owner = secondary_owner();
  SECTION("another log") {
    owner = other_log(owner);
  }
  SECTION("another name") {
    owner.name = "copy";
  }
  CHECK(code_of(here.open(owner)) == errc::store_mismatch);
  CHECK(files_in(here.location().folder) == before);
  must(here.open(secondary_owner()));
}

TEST_CASE("a secondary does not become a primary, not even when it is adopted") {
  const auto& subject = GENERATE(from_range(primaries()));
  CAPTURE(subject.scheme);
  const trial here(subject);
  {
    const auto store = must(here.open(secondary_owner()));
    must(must(store->open_secondary())->sync());
  }
  const auto before = files_in(here.location().folder);
  CHECK(code_of(here.open(primary_owner())) == errc::store_mismatch);
  CHECK_FALSE(here.open(primary_owner(), foreign_policy::adopt));
  CHECK(files_in(here.location().folder) == before);
  must(here.open(secondary_owner()));
}

TEST_CASE("what is not ours is called foreign, not opened and not changed") {
  const auto& subject = GENERATE(from_range(subjects()));
  CAPTURE(subject.scheme);
  if (subject.plant_foreign == nullptr) return;
  const trial here(subject);
  subject.plant_foreign(here.location());
  const auto before = files_in(here.location().folder);
  const auto found = must(here.inspect());
  CHECK(found.what == place::kind::foreign);
  CHECK_FALSE(found.reason.empty());
  CHECK(code_of(here.open(here.owner())) == errc::store_foreign);
  CHECK(code_of(here.open(secondary_owner())) == errc::store_foreign);
  CHECK(files_in(here.location().folder) == before);
}

TEST_CASE("an adopted secondary bears the new mark and starts as empty") {
  const auto& subject = GENERATE(from_range(subjects()));
  CAPTURE(subject.scheme);
  const trial here(subject);
  const auto adopter = other_log(secondary_owner());
  const document kept{.id = id_of("c", "k"), .version = {1}, .hash = {}, .value = "1"};
  {
    const auto store = must(here.open(secondary_owner()));
    const auto session = must(store->open_secondary());
    const std::vector rows{backends::row_of(kept)};
    must(session->apply({.next = {.what = backends::store_point::phase::applied,
                                  .at = {{std::string(first_epoch), {1}}, {}}},
                         .rows = rows,
                         .counts = {1, 1}}));
    must(session->sync());
  }
  {
    const auto store = must(here.open(adopter, foreign_policy::adopt));
    const auto state = must(must(store->open_secondary())->state());
    CHECK(state.point == backends::store_point{});
    CHECK(state.counts == backends::store_counts{});
  }
  CHECK(must(here.inspect()).owner == adopter);
  CHECK(code_of(here.open(secondary_owner())) == errc::store_mismatch);
  // What was there is there: it is for the rebuild to call it surplus.
  const auto store = must(here.open(adopter));
  const auto page = must(must(store->open_reader())->scan({}));
  REQUIRE(page.documents.size() == 1);
  CHECK(page.documents.front() == kept);
}

TEST_CASE("a store has one session that writes at a time") {
  const auto& subject = GENERATE(from_range(subjects()));
  CAPTURE(subject.scheme);
  const trial here(subject);
  const auto store = must(here.open(secondary_owner()));
  {
    const auto first = must(store->open_secondary());
    CHECK(code_of(store->open_secondary()) == errc::busy);
  }
  CHECK(store->open_secondary());
}
