#include "actors/replicator/rebuild_plan.hpp"

#include <catch2/catch.hpp>

#include "actors/replicator/row_batch.hpp"
#include "tests/unit/replicator/primary_log.hpp"

using namespace keelson;
using namespace keelson::replicator;
using namespace keelson::test;
using backends::store_point;

namespace {

document made(std::string key, std::uint64_t version, std::string value) {
  document d{.id = doc("a", std::move(key)), .version = {version}, .value = std::move(value)};
  d.hash = computed_hash(d);
  return d;
}

log_record put(const document& d, std::uint64_t previous = 0, std::uint64_t bytes_before = 0) {
  return {.at = d.version,
          .ends_commit = 1,
          .id = d.id,
          .op = change_op::put,
          .previous = {previous},
          .bytes_before = bytes_before,
          .hash_after = d.hash,
          .value = d.value};
}

log_record removal(std::string key, std::uint64_t at, std::uint64_t previous,
                   std::uint64_t bytes_before) {
  return {.at = {at},
          .ends_commit = 1,
          .id = doc("a", std::move(key)),
          .op = change_op::remove,
          .previous = {previous},
          .bytes_before = bytes_before};
}

store_point point(std::uint64_t at) {
  return {store_point::phase::applied, {{"aaaaaaaa", {at}}, {}}, {}};
}

page_pair pages(std::uint64_t reached, std::vector<document> primary,
                std::vector<document> secondary) {
  page_pair both;
  both.primary = {{point(reached), point(reached)}, std::move(primary), true};
  both.secondary = {{}, std::move(secondary), true};
  return both;
}

backends::secondary_state copied(std::string key, std::uint64_t at, backends::store_counts counts) {
  return {{store_point::phase::rebuilding, point(at).at,
           key.empty() ? document_id{} : doc("a", std::move(key))},
          counts};
}

std::map<std::string, std::string> told(const rebuild_piece& piece) {
  std::map<std::string, std::string> rows;
  for (const auto& row : piece.rows) {
    const bool fresh =
        rows.emplace(row.id->key.text(),
                     row.op == change_op::put ? std::string(row.value) : std::string("-"))
            .second;
    CHECK(fresh);
  }
  return rows;
}

using rows = std::map<std::string, std::string>;

}  // namespace

TEST_CASE("a page read while the primary was written to is made exact from the log") {
  // Changes 3 to 6; the page was read between them: it has 4 already, and not yet 3, 5 and 6.
  auto both = pages(6, {made("b", 1, "1"), made("c", 4, "44"), made("d", 2, "2")}, {});
  both.primary.at.before = point(2);
  const auto b3 = made("b", 3, "333");
  const std::vector<log_record> log{put(b3, 1, 1), put(made("c", 4, "44")), removal("d", 5, 2, 1),
                                    put(made("a", 6, "6"), 1, 9)};
  const auto piece = plan_piece(copied("a", 2, {1, 9}), both, log, {});
  CHECK(told(piece) == rows{{"a", "6"}, {"b", "333"}, {"c", "44"}});
  CHECK(piece.next.point == point(6));
  CHECK(piece.next.counts == backends::store_counts{3, 6});
}

TEST_CASE("a piece ends where the shorter of the two pages ends") {
  auto both = pages(9, {made("a", 1, "1"), made("b", 2, "2"), made("c", 3, "3")},
                    {made("a", 1, "1"), made("bb", 4, "x")});
  SECTION("the secondary's") {
    both.secondary.at_end = false;
    CHECK(common_end(both) == doc("a", "bb"));
    const auto piece = plan_piece(copied("", 9, {}), both, {}, {});
    CHECK(told(piece) == rows{{"b", "2"}, {"bb", "-"}});
    CHECK(piece.next.point.what == store_point::phase::rebuilding);
    CHECK(piece.next.point.copied == doc("a", "bb"));
    CHECK(piece.next.counts == backends::store_counts{2, 2});
    CHECK(piece.damage.documents == 1);
  }
  SECTION("the primary's") {
    both.primary.documents.resize(2);
    both.primary.at_end = false;
    const auto piece = plan_piece(copied("", 9, {}), both, {}, {});
    CHECK(told(piece) == rows{{"b", "2"}});
    CHECK(piece.next.point.copied == doc("a", "b"));
    CHECK(piece.damage.documents == 0);
  }
  SECTION("none") {
    CHECK_FALSE(common_end(both));
    const auto piece = plan_piece(copied("", 9, {}), both, {}, {});
    CHECK(told(piece) == rows{{"b", "2"}, {"bb", "-"}, {"c", "3"}});
    CHECK(piece.next.point == point(9));
  }
}

TEST_CASE("what counts as harm") {
  const auto harm_of = [](const document& ours, const document& theirs) {
    return plan_piece(copied("", 9, {}), pages(9, {ours}, {theirs}), {}, {}).damage;
  };
  CHECK(harm_of(made("a", 5, "1"), made("a", 4, "old")).documents == 0);
  CHECK(harm_of(made("a", 5, "1"), made("a", 5, "1")).documents == 0);
  CHECK(harm_of(made("a", 5, "1"), made("a", 5, "other")).documents == 1);
  CHECK(harm_of(made("a", 5, "1"), made("a", 6, "newer")).documents == 1);
  CHECK(harm_of(made("a", 5, "1"), made("a", 6, "1")).documents == 0);
  CHECK(harm_of(made("a", 5, "1"), made("a", 10, "1")).unknown == 1);
  CHECK(harm_of(made("a", 5, "1"), made("b", 3, "surplus")).documents == 1);
  CHECK(harm_of(made("a", 5, "1"), made("b", 3, "surplus")).unknown == 0);
}

TEST_CASE("a delete that the log says is no harm") {
  const std::vector<log_record> log{removal("a", 8, 3, 1)};
  const auto both = pages(8, {}, {made("a", 3, "1")});
  const auto piece = plan_piece(copied("", 7, {}), both, log, {});
  CHECK(told(piece) == rows{{"a", "-"}});
  CHECK(piece.damage.documents == 0);
}

TEST_CASE("the survey sees the harm that the plan would do, without the values") {
  auto both = pages(9, {made("a", 5, "1"), made("b", 5, "1"), made("c", 7, "1")},
                    {made("a", 4, "old"), made("b", 5, "other"), made("d", 3, "surplus")});
  CHECK(survey(both, {}).documents == 2);
  for (auto* page : {&both.primary, &both.secondary}) {
    for (auto& each : page->documents) each.value.clear();
  }
  CHECK(survey(both, {}).documents == 2);
}

TEST_CASE("documents that do not match the patterns are surplus on a secondary") {
  const std::vector<std::string> patterns{"b*"};
  const auto both = pages(9, {made("a", 5, "1")}, {made("a", 5, "1")});
  const auto piece = plan_piece(copied("", 9, {}), both, {}, patterns);
  CHECK(told(piece) == rows{{"a", "-"}});
  CHECK(piece.damage.documents == 1);
}

TEST_CASE("the last change of a document is the one row that a batch has for it") {
  const auto first = made("a", 1, "1");
  const auto last = made("a", 4, "4444");
  const std::vector<log_record> log{put(first), removal("b", 2, 1, 10), removal("a", 3, 1, 1),
                                    put(last)};
  row_batch batch({});
  batch.add(log);
  REQUIRE(batch.rows().size() == 2);
  CHECK(batch.rows()[0].version == last.version);
  CHECK(batch.rows()[1].op == change_op::remove);
  CHECK(batch.moved({5, 100}) == backends::store_counts{5, 94});
}
