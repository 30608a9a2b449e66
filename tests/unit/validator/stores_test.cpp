#include <catch2/catch.hpp>

#include "actors/validator/document_comparer.hpp"
#include "actors/validator/log_moves.hpp"
#include "actors/validator/piece.hpp"
#include "tests/unit/validator/world.hpp"

// What single stores do to a comparison: lost branches, new epochs, a secondary out of reach,
// patterns.
namespace keelson::validator {

using backends::store_point;
using test::snapshots;
using test::world;

namespace {

document_id id_of(std::string collection, std::string key) {
  return {collection_name::trusted(std::move(collection)), document_key::trusted(std::move(key))};
}

const auto aa = id_of("aa", "1");
const auto bb = id_of("bb", "1");

piece_result whole(world& stores, const piece_request& request = {}) {
  return compare_piece(*stores.primary(snapshots::on), stores.secondary(snapshots::on).get(),
                       request, {});
}

comparison outcome(world& stores, const document_id& id) {
  const std::vector ids{id};
  return compare_documents(*stores.primary(snapshots::on), *stores.secondary(snapshots::on), ids,
                           {})
      .judgements.front()
      .outcome;
}

}  // namespace

TEST_CASE("a secondary on a lost branch is pending, never different and never equal") {
  world stores(1);
  stores.write_document(aa, "1");
  stores.write_document(bb, "1");
  stores.catch_up();
  stores.damage(difference_kind::missing, bb);
  auto lost = stores.meta().end();
  SECTION("another chain") {
    lost.chain.bytes[0] ^= 1;
  }
  SECTION("beyond the end") {
    lost.at.at.value += 5;
  }
  SECTION("of an epoch that is not this log's") {
    lost.at.epoch = "bbbbbbbb";
  }
  stores.move_secondary({.what = store_point::phase::applied, .at = lost});
  CHECK(outcome(stores, bb) == comparison::pending);
  const auto piece = whole(stores);
  CHECK(piece.equal == 0);
  REQUIRE(piece.others.size() == 2);
  for (const auto& judged : piece.others) CHECK(judged.outcome == comparison::pending);
}

TEST_CASE("a secondary at the base of a new epoch stands in the log") {
  world stores(1);
  stores.write_document(aa, "1");
  stores.write_document(bb, "1");
  stores.catch_up();
  stores.new_epoch();
  stores.damage(difference_kind::missing, bb);
  CHECK(outcome(stores, bb) == comparison::different);
  stores.move_secondary({.what = store_point::phase::applied, .at = stores.meta().end()});
  CHECK(outcome(stores, bb) == comparison::different);
  CHECK(whole(stores).equal == 1);
  stores.write_document(aa, "2");
  CHECK(outcome(stores, aa) == comparison::pending);
  CHECK(outcome(stores, bb) == comparison::different);
  auto elsewhere = stores.meta().epoch();
  elsewhere.chain.bytes[0] ^= 1;
  const auto reader = stores.primary(snapshots::on);
  CHECK(lies_in_log(*reader, {{elsewhere.name, elsewhere.base}, elsewhere.chain}) == false);
}

TEST_CASE("a secondary that cannot be read leaves the primary's documents unknown") {
  world stores(1);
  stores.write_document(aa, "1");
  stores.write_document(bb, "1");
  const auto piece = compare_piece(*stores.primary(snapshots::on), nullptr, {}, {});
  CHECK(piece.at_end);
  CHECK(!piece.unread.empty());
  CHECK(piece.equal == 0);
  REQUIRE(piece.others.size() == 2);
  for (const auto& judged : piece.others) CHECK(judged.outcome == comparison::unknown);
}

TEST_CASE("only what a secondary keeps is compared") {
  world stores(1);
  stores.write_document(aa, "1");
  stores.write_document(bb, "1");
  stores.catch_up();
  stores.damage(difference_kind::missing, bb);
  stores.damage(difference_kind::surplus, id_of("cc", "1"));
  const auto all = whole(stores);
  CHECK(all.equal == 1);
  CHECK(all.others.size() == 2);
  const auto kept = whole(stores, {.patterns = {"a*"}});
  CHECK(kept.equal == 1);
  CHECK(kept.others.empty());
  const auto one = whole(stores, {.collection = "bb"});
  CHECK(one.equal == 0);
  REQUIRE(one.others.size() == 1);
  CHECK(one.others.front().kind == difference_kind::missing);
}

TEST_CASE("surplus documents beyond the primary's last key are found, however many") {
  world stores(1);
  stores.write_document(aa, "1");
  stores.catch_up();
  for (int i = 0; i < 25; ++i) {
    stores.damage(difference_kind::surplus, id_of("zz", "key" + std::to_string(i)));
  }
  piece_request request;
  std::size_t found = 0;
  std::uint64_t equal = 0;
  const step_limits small{.piece_documents = 3, .documents_a_look = 2};
  for (bool at_end = false; !at_end;) {
    const auto piece = compare_piece(*stores.primary(snapshots::on),
                                     stores.secondary(snapshots::on).get(), request, small);
    for (const auto& judged : piece.others) {
      CHECK(judged.kind == difference_kind::surplus);
      ++found;
    }
    equal += piece.equal;
    request.after = piece.until;
    at_end = piece.at_end;
  }
  CHECK(found == 25);
  CHECK(equal == 1);
}

TEST_CASE("what a pass left pending is only looked at once the secondary is there") {
  world stores(1);
  stores.write_document(aa, "1");
  const auto primary = stores.primary(snapshots::on);
  const auto secondary = stores.secondary(snapshots::on);
  const std::vector ids{aa};
  auto left = compare_documents(*primary, *secondary, ids, {}).judgements;
  REQUIRE(left.front().outcome == comparison::pending);
  int calls = 0;
  stores.hook = [&calls] { ++calls; };
  left = compare_again(*primary, *secondary, left, {}).judgements;
  CHECK(left.front().outcome == comparison::pending);
  CHECK(calls == 2);  // before and after the one look at the secondary's point
  stores.catch_up();
  CHECK(compare_again(*primary, *secondary, left, {}).judgements.front().outcome ==
        comparison::equal);
}

}  // namespace keelson::validator
