#include <set>

#include <catch2/catch.hpp>

#include "actors/validator/document_comparer.hpp"
#include "actors/validator/pass_part.hpp"
#include "tests/unit/validator/world.hpp"

// A comparison against a writer that commits, a follower that lags, rebuilds, trims, and a hand
// that damages documents, with steps of theirs between any two calls of a store: everything that
// was damaged and stays so is reported, and nothing else ever is.
namespace keelson::validator {

using test::snapshots;
using test::world;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint64_t runs = 300;  // about twenty times as slow
#else
constexpr std::uint64_t runs = 1500;
#endif

struct course {
  explicit course(std::uint64_t seed, snapshots mode) : stores(seed), mode(mode) {
    stores.may_rebuild = mode == snapshots::on;
    for (int i = 0; i < 60; ++i) stores.random_step();
    stores.hook = [this] {
      for (auto steps = stores.below(4); steps-- > 0;) stores.random_step();
    };
    primary = stores.primary(mode);
    secondary = stores.secondary(mode);
    stores.touched.clear();
    for (const auto& [id, kind] : stores.damaged()) stores.touched.insert(id);
    persistent = stores.damaged();
  }

  /// What was damaged at the beginning and has been so ever since.
  void keep_persistent() {
    std::erase_if(persistent, [this](const auto& entry) {
      const auto now = stores.damaged().find(entry.first);
      return now == stores.damaged().end() || now->second != entry.second;
    });
  }

  world stores;
  snapshots mode;
  std::unique_ptr<backends::primary_reader> primary;
  std::unique_ptr<backends::store_reader> secondary;
  std::map<document_id, difference_kind> persistent;
};

}  // namespace

TEST_CASE("a single comparison never raises a false alarm") {
  std::uint64_t found = 0;
  std::uint64_t equal = 0;
  for (std::uint64_t seed = 0; seed < runs; ++seed) {
    CAPTURE(seed);
    course now(seed, seed % 2 == 0 ? snapshots::on : snapshots::off);
    std::vector<document_id> ids;
    for (std::size_t i = now.stores.below(8) + 1; i-- > 0;) ids.push_back(now.stores.random_id());
    const auto compared =
        compare_documents(*now.primary, *now.secondary, ids, {.documents_a_look = 3});
    REQUIRE(compared.judgements.size() == ids.size());
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const auto& judged = compared.judgements[i];
      CAPTURE(judged.id.collection.text(), judged.id.key.text());
      REQUIRE(judged.id == ids[i]);
      REQUIRE(judged.outcome != comparison::unknown);
      if (judged.outcome == comparison::different) {
        REQUIRE(now.stores.touched.contains(judged.id));
        ++found;
      }
      if (judged.outcome == comparison::equal) ++equal;
    }
  }
  CHECK(found > runs / 50);
  CHECK(equal > runs);
}

TEST_CASE("a single comparison finds what is damaged, once the secondary is there") {
  for (std::uint64_t seed = 0; seed < runs; ++seed) {
    CAPTURE(seed);
    course now(seed, seed % 2 == 0 ? snapshots::on : snapshots::off);
    now.stores.catch_up();
    now.stores.hook = [] {};
    for (int i = 0; i < 40; ++i) {
      const std::vector ids{now.stores.random_id()};
      const auto judged =
          compare_documents(*now.primary, *now.secondary, ids, {}).judgements.front();
      const auto bad = now.stores.damaged().find(ids.front());
      if (bad == now.stores.damaged().end()) {
        REQUIRE(judged.outcome == comparison::equal);
      } else {
        REQUIRE(judged.outcome == comparison::different);
        REQUIRE(judged.kind == bad->second);
      }
    }
  }
}

TEST_CASE("a full comparison reports what is damaged and stays so, and nothing else") {
  std::uint64_t reported = 0;
  std::uint64_t calm = 0;
  for (std::uint64_t seed = 0; seed < runs; ++seed) {
    CAPTURE(seed);
    course now(seed, seed % 2 == 0 ? snapshots::on : snapshots::off);
    validator_options options;
    options.limits.piece_documents = now.stores.below(9) + 1;
    options.limits.documents_a_look = now.stores.below(4) + 1;
    options.limits.log_records = seed % 3 == 0 ? now.stores.below(20) : 8192;
    pass_part part({.name = "kv"}, "", options);
    std::set<document_id> differences;
    std::set<document_id> seen;
    const auto take = [&](const judgement& judged) {
      if (judged.outcome != comparison::different) return;
      CAPTURE(judged.id.collection.text(), judged.id.key.text(), to_string(judged.kind));
      REQUIRE(now.stores.touched.contains(judged.id));
      REQUIRE(differences.insert(judged.id).second);
    };
    auto time = moment{};
    auto step = part.next(time);
    for (; step != pass_step::finish; step = part.next(time)) {
      time += std::chrono::milliseconds(100);
      now.keep_persistent();
      if (step == pass_step::piece) {
        const auto piece =
            compare_piece(*now.primary, now.secondary.get(), part.next_piece(), options.limits);
        REQUIRE(!piece.failed);
        REQUIRE(piece.unread.empty());
        for (const auto& judged : piece.others) take(judged);
        part.add_piece(piece, time);
      } else if (step == pass_step::relook) {
        if (now.stores.below(6) == 0) {
          now.stores.hook = [] {};
          now.stores.catch_up();
        }
        const auto again = compare_again(*now.primary, *now.secondary,
                                         part.take_relook(now.stores.below(5) + 1), options.limits);
        for (const auto& judged : again.judgements) take(judged);
        part.add_relook(again.judgements, again.at);
      }
    }
    now.keep_persistent();
    const auto report = part.report();
    for (const auto& [id, kind] : now.persistent) {
      CAPTURE(id.collection.text(), id.key.text(), to_string(kind));
      REQUIRE(differences.contains(id));
    }
    REQUIRE(report.counts.pending + report.counts.unknown == 0);
    REQUIRE(report.counts.different == differences.size());
    REQUIRE(report.state ==
            (differences.empty() ? messages::pass_state::equal : messages::pass_state::different));
    reported += differences.size();
    calm += differences.empty() ? 1 : 0;
  }
  CHECK(reported > runs / 2);
  CHECK(calm > runs / 50);
}

TEST_CASE("a full comparison at rest counts every document of both sides once") {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    CAPTURE(seed);
    course now(seed, seed % 2 == 0 ? snapshots::on : snapshots::off);
    now.stores.catch_up();
    now.stores.hook = [] {};
    validator_options options;
    options.limits.piece_documents = now.stores.below(40) + 1;
    pass_part part({.name = "kv"}, "", options);
    std::map<document_id, difference_kind> found;
    while (part.next(moment{}) == pass_step::piece) {
      const auto piece =
          compare_piece(*now.primary, now.secondary.get(), part.next_piece(), options.limits);
      for (const auto& judged : piece.others) found[judged.id] = judged.kind;
      part.add_piece(piece, moment{});
    }
    const auto counts = part.report().counts;
    REQUIRE(found == now.stores.damaged());
    REQUIRE(counts.different == found.size());
    REQUIRE(counts.equal + counts.different == now.stores.united());
    REQUIRE(part.report().to == now.stores.meta().end().at);
  }
}

}  // namespace keelson::validator
