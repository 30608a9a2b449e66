#include <string>
#include <vector>

#include "tests/conformance/history.hpp"
#include "tests/conformance/trial.hpp"

using namespace keelson;
using namespace keelson::conformance;
using backends::store_counts;
using backends::store_point;

TEST_CASE("a new secondary is empty") {
  const auto& subject = GENERATE(from_range(subjects()));
  CAPTURE(subject.scheme);
  const trial place(subject);
  const auto store = must(place.open(secondary_owner()));
  const auto session = must(store->open_secondary());
  const auto state = must(session->state());
  CHECK(state.point == store_point{});
  CHECK(state.counts == store_counts{});
  CHECK(must(must(store->open_reader())->point()) == store_point{});
  must(session->sync());
}

TEST_CASE("a secondary goes from point to point and keeps it all over a reopening") {
  const auto& subject = GENERATE(from_range(subjects()));
  CAPTURE(subject.scheme);
  const trial place(subject);
  auto log = detached_history();
  store_point stands;
  for (int round = 0; round < 3; ++round) {
    const auto store = must(place.open(secondary_owner()));
    const auto session = must(store->open_secondary());
    CHECK(must(session->state()).point == stands);
    const auto number = std::to_string(round);
    const auto planned = log.plan({{put("c", "a", number), put("c", number, number)},
                                   {removal("c", "a"), put("d", "a", '"' + number + '"')}});
    must(apply_group(*session, stands, applied(planned.next), planned));
    stands = applied(planned.next);
    log.accept(planned);
    must(session->sync());

    CHECK(must(session->state()).counts ==
          store_counts{planned.next.documents, planned.next.bytes});
    const auto page = must(must(store->open_reader())->scan({}));
    CHECK(page.at.before == stands);
    CHECK(page.at.after == stands);
    REQUIRE(page.documents.size() == log.documents().size());
    for (const auto& document : page.documents) {
      CHECK(document == log.documents().at(document.id));
    }
  }
}

TEST_CASE("an apply from another point is refused and changes nothing") {
  const auto& subject = GENERATE(from_range(subjects()));
  CAPTURE(subject.scheme);
  const trial place(subject);
  const auto store = must(place.open(secondary_owner()));
  const auto session = must(store->open_secondary());
  auto log = detached_history();
  const auto first = log.plan({{put("c", "k", "1")}});
  must(apply_group(*session, {}, applied(first.next), first));
  log.accept(first);
  const auto second = log.plan({{put("c", "k", "2"), put("c", "new", "2")}});

  auto expected = applied(first.next);
  SECTION("empty") {
    expected = {};
  }
  SECTION("sequence") {
    expected.at.at.at = {0};
  }
  SECTION("epoch") {
    expected.at.at.epoch = "bbbbbbbb";
  }
  SECTION("chain") {
    expected.at.chain = second.next.chain;
  }
  SECTION("phase") {
    expected.what = store_point::phase::rebuilding;
  }
  CHECK(code_of(apply_group(*session, expected, applied(second.next), second)) ==
        errc::wrong_position);
  CHECK(must(session->state()).point == applied(first.next));
  const std::vector ids{id_of("c", "k"), id_of("c", "new")};
  const auto read = must(must(store->open_reader())->get(ids));
  CHECK(read.documents[0] == log.documents().at(ids[0]));
  CHECK_FALSE(read.documents[1]);
  must(apply_group(*session, applied(first.next), applied(second.next), second));
}

TEST_CASE("a rebuild's state lasts, with the last document copied") {
  const auto& subject = GENERATE(from_range(subjects()));
  CAPTURE(subject.scheme);
  const trial place(subject);
  auto log = detached_history();
  const auto planned = log.plan({{put("c", "a", "1"), put("c", "b", "2")}});
  const store_point rebuilding{.what = store_point::phase::rebuilding,
                               .at = planned.next.end(),
                               .copied = id_of("c", "a\U0010ffff")};
  {
    const auto store = must(place.open(secondary_owner()));
    const auto session = must(store->open_secondary());
    must(apply_group(*session, {}, rebuilding, planned));
    must(session->sync());
  }
  const auto store = must(place.open(secondary_owner()));
  const auto session = must(store->open_secondary());
  CHECK(must(session->state()).point == rebuilding);
  CHECK(must(must(store->open_reader())->point()) == rebuilding);
  auto elsewhere = rebuilding;
  elsewhere.copied = id_of("c", "a");
  CHECK(code_of(apply_group(*session, elsewhere, applied(planned.next), planned)) ==
        errc::wrong_position);
  must(apply_group(*session, rebuilding, applied(planned.next), planned));
  CHECK(must(session->state()).point == applied(planned.next));
}

TEST_CASE("rows are removed whether they are there or not, and rows of 1 MiB are kept") {
  const auto& subject = GENERATE(from_range(subjects()));
  CAPTURE(subject.scheme);
  const trial place(subject);
  const auto store = must(place.open(secondary_owner()));
  const auto session = must(store->open_secondary());
  auto log = detached_history();
  const std::string large = '"' + std::string(std::size_t{1} << 20, 'x') + '"';
  auto planned = log.plan({{put("c", "large", large), put("c", "small", "1")}});
  must(apply_group(*session, {}, applied(planned.next), planned));
  const std::vector ids{id_of("c", "large"), id_of("c", "small"), id_of("c", "absent")};
  const auto reader = must(store->open_reader());
  const auto before = must(reader->get(ids));
  REQUIRE(before.documents[0]);
  CHECK((before.documents[0]->value == large));

  const std::vector removals{backends::removal_of(ids[0]), backends::removal_of(ids[2])};
  must(session->apply({.expected = applied(planned.next),
                       .next = applied(planned.next),
                       .rows = removals,
                       .counts = {1, 1}}));
  const auto after = must(reader->get(ids));
  CHECK_FALSE(after.documents[0]);
  CHECK(after.documents[1] == before.documents[1]);
  CHECK_FALSE(after.documents[2]);
}

TEST_CASE("a store has the sessions of its role and no other") {
  const auto& subject = GENERATE(from_range(subjects()));
  CAPTURE(subject.scheme);
  const trial place(subject);
  if (place.engine().abilities.primary) {
    const trial other(subject);
    const auto store = must(other.open(primary_owner()));
    CHECK(code_of(store->open_secondary()) == errc::not_supported);
  } else {
    CHECK(code_of(place.open(primary_owner())) == errc::not_supported);
    CHECK(must(place.inspect()).what == backends::place::kind::empty);
  }
  const auto store = must(place.open(secondary_owner()));
  CHECK(code_of(store->open_primary()) == errc::not_supported);
  CHECK(code_of(store->open_primary_reader()) == errc::not_supported);
}
