#include "tests/conformance/history.hpp"
#include "tests/conformance/other_process.hpp"
#include "tests/conformance/trial.hpp"

using namespace keelson;
using namespace keelson::conformance;

TEST_CASE("what another process has open is unavailable, and all there when that was killed") {
  const auto& subject = GENERATE(from_range(subjects()));
  CAPTURE(subject.scheme);
  const trial place(subject);
  if (!place.engine().abilities.durable) return;
  constexpr int commits = 20;
  other_process other(place, commits);
  const auto refused = place.open(primary_owner());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::unavailable);
  CHECK(refused.error().detail.find("open") != std::string::npos);
  CHECK(must(place.inspect()).owner == primary_owner());
  other.kill();

  const auto store = must(place.open(primary_owner()));
  const auto reader = must(store->open_primary_reader());
  CHECK(must(reader->meta()).last == sequence{commits});
  CHECK(must(reader->scan({})).documents.size() == commits);
  const auto records = must(reader->read_log({}, 1000, std::size_t{1} << 30)).records;
  REQUIRE(records.size() == commits);
  CHECK(records.back().chain == must(reader->meta()).chain);
}
