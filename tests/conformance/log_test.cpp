#include <initializer_list>
#include <string>
#include <vector>

#include "tests/conformance/history.hpp"
#include "tests/conformance/trial.hpp"

using namespace keelson;
using namespace keelson::conformance;

namespace {

/// Commits of 1, 3, 2 and 1 changes: they end at 1, 4, 6 and 7.
void write_four_commits(history& log, backends::primary_session& session) {
  log.commit(session,
             {{put("c", "a", "1")}, {put("c", "b", "2"), put("c", "c", "3"), removal("c", "a")}});
  log.commit(session, {{put("c", "a", "4"), put("d", "a", R"("long long value")")}});
  log.commit(session, {{removal("c", "b")}});
}

std::vector<log_record> part_of(const history& log, std::uint64_t after, std::uint64_t through) {
  const auto& all = log.records();
  return {all.begin() + static_cast<std::ptrdiff_t>(after),
          all.begin() + static_cast<std::ptrdiff_t>(through)};
}

constexpr std::size_t no_limit = std::size_t{1} << 30;

}  // namespace

TEST_CASE("a slice of the log ends with the commit in which a limit is reached") {
  const auto& subject = GENERATE(from_range(primaries()));
  CAPTURE(subject.scheme);
  const trial place(subject);
  const auto store = must(place.open(primary_owner()));
  const auto session = must(store->open_primary());
  history log(must(session->meta()));
  write_four_commits(log, *session);
  const auto reader = must(store->open_primary_reader());

  struct limits {
    std::uint64_t after;
    std::size_t records;
    std::size_t bytes;
    std::uint64_t through;
  };
  for (const auto [after, records, bytes, through] :
       std::initializer_list<limits>{{0, 1, no_limit, 1},
                                     {0, 2, no_limit, 4},
                                     {0, 4, no_limit, 4},
                                     {0, 5, no_limit, 6},
                                     {0, 7, no_limit, 7},
                                     {0, 100, no_limit, 7},
                                     {1, 1, no_limit, 4},
                                     {2, 1, no_limit, 4},
                                     {2, 2, no_limit, 4},
                                     {2, 3, no_limit, 6},
                                     {4, 1, no_limit, 6},
                                     {6, 10, no_limit, 7},
                                     {7, 10, no_limit, 7},
                                     {0, 100, 1, 1},
                                     {0, 100, 4, 4},
                                     {1, 100, 8, 4},
                                     {1, 100, 9, 6},
                                     {4, 100, 1, 6}}) {
    CAPTURE(after, records, bytes);
    const auto slice = must(reader->read_log({after}, records, bytes));
    CHECK(slice.records == part_of(log, after, through));
    CHECK(slice.meta == log.meta());
  }
}

TEST_CASE("beyond its end the log has nothing") {
  const auto& subject = GENERATE(from_range(primaries()));
  CAPTURE(subject.scheme);
  const trial place(subject);
  const auto store = must(place.open(primary_owner()));
  const auto session = must(store->open_primary());
  history log(must(session->meta()));
  write_four_commits(log, *session);
  const auto reader = must(store->open_primary_reader());
  CHECK(must(reader->read_log({8}, 10, no_limit)).records.empty());
  CHECK(must(reader->read_log({epoch_distance * 7}, 10, no_limit)).records.empty());
  CHECK_FALSE(must(reader->chain_at({8})));
}

TEST_CASE("the chain is known where a commit ends, and at the oldest point") {
  const auto& subject = GENERATE(from_range(primaries()));
  CAPTURE(subject.scheme);
  const trial place(subject);
  const auto store = must(place.open(primary_owner()));
  const auto session = must(store->open_primary());
  history log(must(session->meta()));
  const auto start = log.meta().chain;
  write_four_commits(log, *session);
  const auto reader = must(store->open_primary_reader());
  CHECK(must(reader->chain_at({0})) == start);
  for (const auto& record : log.records()) {
    CAPTURE(record.at.value);
    const auto chain = must(reader->chain_at(record.at));
    CHECK(chain.has_value() == (record.ends_commit != 0));
    if (chain) CHECK(*chain == record.chain);
  }
  must(session->trim({4}, 100));
  CHECK_FALSE(must(reader->chain_at({0})));
  CHECK_FALSE(must(reader->chain_at({1})));
  CHECK(must(reader->chain_at({4})) == log.records()[3].chain);
  CHECK(must(reader->chain_at({6})) == log.records()[5].chain);
}

TEST_CASE("the log is trimmed by whole commits and within both limits") {
  const auto& subject = GENERATE(from_range(primaries()));
  CAPTURE(subject.scheme);
  const trial place(subject);
  const auto store = must(place.open(primary_owner()));
  const auto session = must(store->open_primary());
  history log(must(session->meta()));
  write_four_commits(log, *session);

  struct limits {
    std::uint64_t through;
    std::size_t records;
    std::uint64_t oldest;
  };
  const auto [through, records, oldest] = GENERATE(values<limits>({{0, 100, 0},
                                                                   {1, 100, 1},
                                                                   {3, 100, 1},
                                                                   {4, 100, 4},
                                                                   {5, 100, 4},
                                                                   {7, 100, 7},
                                                                   {99, 100, 7},
                                                                   {7, 0, 0},
                                                                   {7, 1, 1},
                                                                   {7, 3, 1},
                                                                   {7, 4, 4},
                                                                   {7, 5, 4},
                                                                   {7, 6, 6}}));
  CAPTURE(through, records);
  const auto meta = must(session->trim({through}, records));
  auto expected = log.meta();
  expected.oldest = {oldest};
  for (const auto& gone : part_of(log, 0, oldest)) {
    expected.oldest_chain = gone.ends_commit != 0 ? gone.chain : expected.oldest_chain;
    expected.log_bytes -=
        gone.id.collection.text().size() + gone.id.key.text().size() + gone.value.size();
  }
  CHECK(meta == expected);
  CHECK(must(session->meta()) == expected);
  const auto reader = must(store->open_primary_reader());
  const auto slice = must(reader->read_log({}, 100, no_limit));
  CHECK(slice.meta == expected);
  CHECK(slice.records == part_of(log, oldest, 7));
  // Documents stay, and writing goes on.
  CHECK(must(reader->scan({})).documents.size() == log.documents().size());
  log.trimmed(meta);
  log.commit(*session, {{put("c", "z", "5")}});
  CHECK(must(reader->meta()) == log.meta());
  CHECK(must(session->trim(log.meta().last, 100)).log_bytes == 0);
}
