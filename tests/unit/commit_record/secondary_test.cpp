#include <catch2/catch.hpp>

#include "tests/conformance/trial.hpp"
#include "tests/unit/commit_record/run.hpp"

using namespace keelson;
using namespace keelson::backends;
using namespace keelson::backends::commit_record;
using namespace keelson::conformance;

namespace {

store_point at(std::uint64_t sequence) {
  return {.what = store_point::phase::applied, .at = {{std::string(first_epoch), {sequence}}, {}}};
}

result<std::shared_ptr<store>> open_secondary_on(const std::shared_ptr<record_disk>& disk,
                                                 fate_of_step decide = {}) {
  return open_store(std::make_shared<memory_records>(disk, std::move(decide)), {}, "here",
                    secondary_owner(), foreign_policy::refuse, {});
}

/// The documents that apply number `round` writes or removes; versions go down again after a while,
/// as they do when a secondary is rebuilt.
std::vector<document> documents_of(std::uint64_t round) {
  std::vector<document> rows;
  for (const char* const key : {"a", "b", "c"}) {
    rows.push_back({.id = id_of("c", key),
                    .version = {1 + round * 7 % 5},
                    .value = std::to_string(round) + std::to_string(rows.size())});
  }
  return rows;
}

result<void> apply_round(secondary_session& session, std::uint64_t round) {
  const auto documents = documents_of(round);
  std::vector<row_view> rows;
  rows.reserve(documents.size());
  for (const auto& each : documents) rows.push_back(row_of(each));
  const auto removed = round % rows.size();
  rows[removed] = removal_of(documents[removed].id);
  return session.apply({.expected = round == 0 ? store_point{} : at(round),
                        .next = at(round + 1),
                        .rows = rows,
                        .counts = {rows.size() - 1, round}});
}

/// That the documents are those of the point that they are said to be of.
std::uint64_t check_whole(store& of) {
  const auto page = must(must(of.open_reader())->scan({}));
  REQUIRE(page.at.before == page.at.after);
  const auto point = page.at.after.at.at.at.value;
  if (point == 0) {
    REQUIRE(page.documents.empty());
    return 0;
  }
  auto expected = documents_of(point - 1);
  expected.erase(expected.begin() + static_cast<std::ptrdiff_t>((point - 1) % expected.size()));
  REQUIRE(page.documents == expected);
  return point;
}

}  // namespace

TEST_CASE("an apply is whole and goes on from where it was, wherever it is cut short") {
  constexpr std::uint64_t rounds = 20;  // more than between two sweeps
  const auto how = GENERATE(fate::killed_before, fate::lost_request, fate::lost_answer);
  for (std::size_t cut = 0;; ++cut) {
    CAPTURE(static_cast<int>(how), cut);
    const auto disk = std::make_shared<record_disk>();
    std::size_t step = 0;
    const auto decide = [&](std::string_view) { return step++ == cut ? how : fate::done; };
    for (std::uint64_t done = 0; done < rounds;) {
      try {
        const auto store = open_secondary_on(disk, decide);
        if (!store) continue;
        const auto session = (*store)->open_secondary();
        if (!session) continue;
        while (done < rounds && apply_round(**session, done)) ++done;
      } catch (const killed&) {
        // opened again below
      }
      const auto store = must(open_secondary_on(disk));
      done = check_whole(*store);
      const auto state = must(must(store->open_secondary())->state());
      REQUIRE(state.point == (done == 0 ? store_point{} : at(done)));
      REQUIRE(check_whole(*store) == done);
    }
    if (step > cut) continue;
    CHECK(disk->records.size() < rounds);  // nothing was cut, not even a sweep
    break;
  }
}

TEST_CASE("of two writers of a secondary one is told that it stands elsewhere") {
  const auto disk = std::make_shared<record_disk>();
  const auto one = must(open_secondary_on(disk));
  const auto other = must(open_secondary_on(disk));
  const auto first = must(one->open_secondary());
  const auto second = must(other->open_secondary());
  must(apply_round(*first, 0));
  CHECK(code_of(apply_round(*second, 0)) == errc::wrong_position);
  CHECK(must(second->state()).point == at(1));
  must(apply_round(*second, 1));
  CHECK(check_whole(*one) == 2);
}
