#include <atomic>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "tests/conformance/scribe.hpp"

using namespace keelson;
using namespace keelson::conformance;

namespace {

constexpr int rounds = 200;

/// Each round is one commit that gives both documents the round's number, so that round n ends at
/// sequence 2 * n.
std::vector<group> planned_rounds(history& log) {
  std::vector<group> all;
  for (int round = 1; round <= rounds; ++round) {
    const auto number = std::to_string(round);
    log.accept(all.emplace_back(log.plan({{put("c", "x", number), put("d", "y", number)}})));
  }
  return all;
}

/// What the writer saw fail; empty if nothing did.
std::string write_all(scribe& to, const std::vector<group>& all) {
  for (const auto& planned : all) {
    if (auto done = to.write(planned); !done) return done.error().detail;
  }
  return {};
}

/// What is wrong with an answer as of one point; empty if nothing is.
std::string fault_in(const backends::read_span& at,
                     const std::vector<std::optional<document>>& both) {
  if (at.before != at.after) return "two points for one snapshot";
  const auto round = at.before.at.at.at.value / 2;
  if (at.before.at.at.at.value % 2 != 0) return "a point inside a commit";
  for (const auto& document : both) {
    if (document.has_value() != (round > 0)) return "a document of another point";
    if (document && document->value != std::to_string(round)) {
      return "round " + document->value + " at round " + std::to_string(round);
    }
  }
  return {};
}

std::string fault_in_get(backends::store_reader& reader) {
  const std::vector ids{id_of("c", "x"), id_of("d", "y")};
  const auto read = reader.get(ids);
  return read ? fault_in(read->at, read->documents) : read.error().detail;
}

std::string fault_in_scan(backends::store_reader& reader) {
  const auto page = reader.scan({});
  if (!page) return page.error().detail;
  std::vector<std::optional<document>> both(page->documents.begin(), page->documents.end());
  both.resize(2);
  return fault_in(page->at, both);
}

std::string fault_in_log(backends::primary_reader& reader) {
  const auto slice = reader.read_log({}, 10'000, std::size_t{1} << 30);
  if (!slice) return slice.error().detail;
  const auto last = slice->records.empty() ? sequence{0} : slice->records.back().at;
  const auto chain =
      slice->records.empty() ? slice->meta.oldest_chain : slice->records.back().chain;
  if (last != slice->meta.last || chain != slice->meta.chain) return "log and meta of two points";
  return {};
}

}  // namespace

TEST_CASE("a reader sees one point while a writer goes on") {
  const auto& subject = GENERATE(from_range(subjects()));
  CAPTURE(subject.scheme);
  const trial place(subject);
  if (!place.engine().abilities.snapshots) return;
  scribe scribe(place);
  const auto planned = planned_rounds(scribe.log());

  std::atomic<bool> written = false;
  std::string writer_fault;
  std::vector<std::string> faults(2);
  std::vector<std::thread> readers;
  for (auto& fault : faults) {
    readers.emplace_back([&, reader = scribe.reader(), log = scribe.log_reader()] {
      do {
        for (auto found : {fault_in_get(*reader), fault_in_scan(*reader),
                           log ? fault_in_log(*log) : std::string()}) {
          if (fault.empty()) fault = found;
        }
      } while (!written && fault.empty());
    });
  }
  std::thread writer([&] {
    writer_fault = write_all(scribe, planned);
    written = true;
  });
  writer.join();
  for (auto& reader : readers) reader.join();
  CHECK(writer_fault.empty());
  for (const auto& fault : faults) CHECK(fault == "");
  scribe.check_point();
}

TEST_CASE("a session keeps its store open") {
  const auto& subject = GENERATE(from_range(subjects()));
  CAPTURE(subject.scheme);
  const trial place(subject);
  scribe scribe(place);
  const auto reader = scribe.reader();
  scribe.close_store();
  scribe.commit({{put("c", "k", "1")}});
  scribe.close_session();
  CHECK(must(reader->point()).at == scribe.log().meta().end());
}
