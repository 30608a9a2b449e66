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
  if (!subject.served) {
    const auto refused = place.open(place.owner());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::unavailable);
    CHECK(refused.error().detail.find("open") != std::string::npos);
  }
  CHECK(must(place.inspect()).owner == place.owner());
  other.kill();

  const auto store = must(place.open(place.owner()));
  const auto reader = must(store->open_reader());
  CHECK(must(reader->point()).at.at.at == sequence{commits});
  CHECK(must(reader->scan({})).documents.size() == commits);
  if (!place.engine().abilities.primary) return;
  const auto log = must(store->open_primary_reader());
  const auto records = must(log->read_log({}, 1000, std::size_t{1} << 30)).records;
  REQUIRE(records.size() == commits);
  CHECK(records.back().chain == must(log->meta()).chain);
}
