#include <catch2/catch.hpp>

#include "actors/validator/pass_book.hpp"

namespace keelson::validator {

using messages::pass_state;
using std::chrono::milliseconds;

namespace {

document_id id_of(std::string key) {
  return {collection_name::trusted("cities"), document_key::trusted(std::move(key))};
}

judgement judged(const std::string& key, comparison outcome) {
  return {.id = id_of(key), .outcome = outcome, .primary_version = {7}};
}

position at(std::uint64_t sequence) {
  return {"aaaaaaaa", {sequence}};
}

piece_result last_piece(std::vector<judgement> others, std::uint64_t equal = 5) {
  return {.at_end = true, .equal = equal, .others = std::move(others), .from = at(7), .to = at(9)};
}

validator_options two_secondaries() {
  validator_options out;
  out.secondaries = {{.name = "kv"}, {.name = "sql"}};
  return out;
}

pass_state end_of(pass_part& part, moment now) {
  while (part.next(now) != pass_step::finish) now += milliseconds(100);
  return part.report().state;
}

}  // namespace

TEST_CASE("a part goes from piece to piece and ends equal") {
  validator_options options;
  pass_part part({.name = "kv"}, "", options);
  CHECK(part.next({}) == pass_step::piece);
  part.add_piece(
      {.until = id_of("m"), .equal = 3, .from = at(5), .to = at(6), .documents_total = 6}, {});
  CHECK(part.progress() == 0.5);
  CHECK(part.next({}) == pass_step::piece);
  CHECK(part.next_piece().after == id_of("m"));
  part.add_piece(last_piece({}, 3), {});
  CHECK(part.next({}) == pass_step::finish);
  const auto report = part.report();
  CHECK(report.state == pass_state::equal);
  CHECK(report.from == at(5));
  CHECK(report.to == at(9));
  CHECK(report.counts.equal == 6);
}

TEST_CASE("what is pending is looked at again until the grace is over") {
  validator_options options;
  pass_part part({.name = "kv"}, "", options);
  moment now{};
  part.add_piece(last_piece({judged("a", comparison::pending), judged("b", comparison::pending),
                             judged("c", comparison::unknown)}),
                 now);
  CHECK(part.report().counts.pending == 2);
  REQUIRE(part.next(now) == pass_step::relook);
  CHECK(part.take_relook(10).size() == 3);
  CHECK(part.report().counts.pending == 2);
  CHECK(part.report().counts.unknown == 1);

  SECTION("and it turns out equal, different, or gone on both sides") {
    auto gone = judged("c", comparison::equal);
    gone.primary_version = {};
    part.add_relook({judged("a", comparison::equal), judged("b", comparison::different), gone},
                    at(12));
    CHECK(end_of(part, now) == pass_state::different);
    const auto report = part.report();
    CHECK(report.counts.equal == 6);
    CHECK(report.counts.different == 1);
    CHECK(report.counts.pending + report.counts.unknown == 0);
    CHECK(report.to == at(12));
  }
  SECTION("and it stays so: incomplete, never equal") {
    auto stays = std::vector{judged("a", comparison::pending)};
    part.add_relook(stays, {});
    CHECK(part.next(now) == pass_step::wait);
    int looks = 0;
    const auto end = now + options.pending_grace;
    for (; now < end; now += milliseconds(100)) {
      const auto step = part.next(now);
      REQUIRE(step != pass_step::finish);
      if (step != pass_step::relook) continue;
      ++looks;
      stays = part.take_relook(10);
      part.add_relook(stays, {});
    }
    CHECK(looks >= 55);
    CHECK(looks <= 60);
    CHECK(part.next(end) == pass_step::finish);
    CHECK(part.report().state == pass_state::incomplete);
    CHECK(part.report().counts.pending == 1);
    CHECK(!part.report().reason.empty());
  }
}

TEST_CASE("what could not be read makes a part incomplete, also when all the rest is equal") {
  validator_options options;
  pass_part part({.name = "kv"}, "", options);
  SECTION("the secondary's side of a piece") {
    auto piece = last_piece({judged("a", comparison::unknown)});
    piece.unread = "no such file";
    part.add_piece(piece, {});
    REQUIRE(part.next({}) == pass_step::relook);
    CHECK(part.take_relook(10).size() == 1);
    part.add_relook({judged("a", comparison::equal)}, at(9));
    CHECK(end_of(part, {}) == pass_state::incomplete);
    CHECK(part.report().counts.equal == 6);
  }
  SECTION("the primary") {
    part.add_piece({.failed = error{.code = errc::unavailable, .detail = "closed"}}, {});
    CHECK(part.next({}) == pass_step::finish);
    CHECK(part.report().state == pass_state::incomplete);
  }
  SECTION("differences are still listed, and the worse state shown") {
    part.add_piece(
        last_piece({judged("a", comparison::different), judged("b", comparison::unknown)}), {});
    CHECK(part.next(moment{} + options.pending_grace) == pass_step::finish);
    CHECK(part.report().state == pass_state::incomplete);
    CHECK(part.report().differences_total == 1);
  }
}

TEST_CASE("what a pass cannot keep for another look stays counted") {
  validator_options options;
  options.pass_waiting = 1;
  pass_part part({.name = "kv"}, "", options);
  part.add_piece(last_piece({judged("a", comparison::pending), judged("b", comparison::pending),
                             judged("c", comparison::unknown)}),
                 {});
  REQUIRE(part.next({}) == pass_step::relook);
  CHECK(part.take_relook(10).size() == 1);
  part.add_relook({judged("a", comparison::equal)}, at(9));
  CHECK(end_of(part, {}) == pass_state::incomplete);
  CHECK(part.report().counts.pending == 1);
  CHECK(part.report().counts.unknown == 1);
}

TEST_CASE("one pass runs on a secondary at a time") {
  const auto options = two_secondaries();
  pass_book book(options);
  const auto first = book.begin({.secondary = "kv"}, {1});
  REQUIRE(first);
  CHECK(book.begin({.secondary = "kv"}, {2}).error().code == errc::busy);
  CHECK(book.begin({}, {3}).error().code == errc::busy);
  CHECK(book.begin({.secondary = "sql"}, {4}));
  CHECK(book.begin({.secondary = "no"}, {5}).error().code == errc::not_found);
  CHECK(book.begin({.collection = "No!"}, {6}).error().code == errc::invalid_collection);
  (*first)->stop();
  CHECK((*first)->report().state == pass_state::stopped);
  CHECK(book.begin({.secondary = "kv"}, {7}));
  CHECK(book.find((*first)->id()) == *first);
  CHECK(book.find("v0") == nullptr);
}

TEST_CASE("a pass's state is the worst of its parts") {
  const auto options = two_secondaries();
  pass both("v1", {}, options);
  both.parts()[0].add_piece(last_piece({}), {});
  CHECK(both.parts()[0].next({}) == pass_step::finish);
  CHECK(both.state() == pass_state::running);
  CHECK(both.progress() == 0.5);
  both.parts()[1].add_piece(last_piece({judged("a", comparison::different)}), {});
  CHECK(both.parts()[1].next({}) == pass_step::finish);
  CHECK(both.state() == pass_state::different);
  CHECK(both.progress() == 1);
}

TEST_CASE("differences of a pass are paged, the first thousand are in its report") {
  auto options = two_secondaries();
  options.pass_differences = 1500;
  pass one("v1", {}, options);
  for (int i = 0; i < 2000; ++i) one.found({.secondary = "kv", .id = id_of(std::to_string(i))});
  CHECK(one.report().differences.size() == 1000);
  const auto page = one.differences(1000, 400);
  CHECK(page.differences.size() == 400);
  CHECK(page.differences.front().id == id_of("1000"));
  CHECK(page.at_end == 0);
  CHECK(one.differences(1400, 400).differences.size() == 100);
  CHECK(one.differences(1400, 400).at_end == 1);
  CHECK(one.differences(9000, 400).differences.empty());
}

TEST_CASE("the last passes are kept, and those that run") {
  auto options = two_secondaries();
  options.passes_kept = 3;
  pass_book book(options);
  const auto running = *book.begin({.secondary = "sql"}, {1});
  std::vector<std::string> ids;
  for (int i = 0; i < 6; ++i) {
    const auto next = *book.begin({.secondary = "kv"}, {2});
    ids.push_back(next->id());
    next->stop();
  }
  CHECK(book.find(running->id()));
  CHECK(book.running() == running);
  CHECK_FALSE(book.find(ids[3]));
  CHECK(book.find(ids[4]));
  CHECK(book.find(ids[5]));
}

}  // namespace keelson::validator
