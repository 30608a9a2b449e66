#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "tests/conformance/scribe.hpp"

using namespace keelson;
using namespace keelson::conformance;
using backends::scan_content;
using backends::scan_direction;
using backends::scan_request;

namespace {

/// Keys that begin each other, the largest code points, bytes around the separators that an engine
/// may use, letters whose order differs between bytes and languages, and a long one.
const std::vector<std::string>& keys() {
  static const std::vector<std::string> all{"a",
                                            "a\x01",
                                            "a\x7f",
                                            "aa",
                                            "ab",
                                            "aé",
                                            "a\U0010ffff",
                                            "a\U0010ffff\U0010ffff",
                                            "B",
                                            "b",
                                            "\x01",
                                            "%",
                                            "_",
                                            "/",
                                            "é",
                                            "\U0000ffff",
                                            "\U0001f600",
                                            "\U0010ffff",
                                            "\U0010ffff"
                                            "a",
                                            std::string(512, 'k')};
  return all;
}

const std::vector<std::string>& collections() {
  static const std::vector<std::string> all{"c", "c-", "c0", "c_", "cc", "d"};
  return all;
}

void fill(scribe& writer) {
  std::vector<commit_plan> commits;
  std::size_t size = 0;
  for (const auto& collection : collections()) {
    commits.emplace_back();
    for (const auto& key : keys()) {
      commits.back().push_back(put(collection, key, '"' + std::string(size++ % 7, 'v') + '"'));
    }
  }
  writer.commit(commits);
  writer.commit({{removal("c0", "a"), put("c", "aa", R"("again")")}});
}

/// What the whole range has to be.
std::vector<document> expected(const history& log, const scan_request& request) {
  const bool forward = request.direction == scan_direction::forward;
  std::vector<document> range;
  for (const auto& [id, document] : log.documents()) {
    const bool named = request.collection.empty() || (id.collection.text() == request.collection &&
                                                      id.key.text().starts_with(request.prefix));
    const bool begun = !request.after || (forward ? id > *request.after : id < *request.after);
    const bool ended = request.until && (forward ? id > *request.until : id < *request.until);
    if (named && begun && !ended) range.push_back(document);
  }
  if (!forward) std::ranges::reverse(range);
  if (request.content == scan_content::without_values) {
    for (auto& document : range) document.value.clear();
  }
  return range;
}

/// Page after page; each begins behind the last document of the one before.
std::vector<document> paged(backends::store_reader& reader, scan_request request) {
  std::vector<document> all;
  for (std::size_t pages = 0; pages < 1000; ++pages) {
    auto page = must(reader.scan(request));
    if (page.documents.size() > request.max_documents) FAIL("more documents than asked for");
    if (page.documents.empty() && !page.at_end) FAIL("an empty page that is not the end");
    all.insert(all.end(), page.documents.begin(), page.documents.end());
    if (page.at_end) return all;
    request.after = page.documents.back().id;
  }
  FAIL("the scan does not end");
  return all;
}

std::vector<std::optional<document_id>> bounds(const std::string& collection) {
  const auto of = collection.empty() ? std::string("c0") : collection;
  return {std::nullopt,     id_of(of, "a"),  id_of(of, "a\U0010ffff"),
          id_of(of, "aab"), id_of("c", "b"), id_of("d", "zz")};
}

/// Every prefix and pair of bounds in one collection, or in all.
void check_ranges(backends::store_reader& reader, const history& log, scan_request request) {
  std::vector<std::string> prefixes{""};
  if (!request.collection.empty()) {
    prefixes = {"", "a", "a\U0010ffff", "\U0010ffff", "é", "kk", "zz", "%"};
  }
  for (const auto& prefix : prefixes) {
    for (const auto& after : bounds(request.collection)) {
      for (const auto& until : bounds(request.collection)) {
        request.prefix = prefix;
        request.after = after;
        request.until = until;
        const auto range = expected(log, request);
        for (const std::size_t size : {1, 7, 1000}) {
          request.max_documents = size;
          CAPTURE(request.collection, prefix, after ? after->key.text() : "-",
                  until ? until->key.text() : "-", size,
                  request.direction == scan_direction::forward);
          REQUIRE(paged(reader, request) == range);
        }
      }
    }
  }
}

}  // namespace

TEST_CASE("every range comes whole, in the order of bytes, in pages of any size") {
  const auto& subject = GENERATE(from_range(subjects()));
  CAPTURE(subject.scheme);
  const trial place(subject);
  scribe writer(place);
  fill(writer);
  const auto reader = writer.reader();

  for (const std::string collection : {"", "c", "c0", "d", "nothing"}) {
    for (const auto direction : {scan_direction::forward, scan_direction::backward}) {
      for (const auto content : {scan_content::whole, scan_content::without_values}) {
        check_ranges(*reader, writer.log(),
                     {.collection = collection, .direction = direction, .content = content});
      }
    }
  }
}

TEST_CASE("a page says that it is the last only if nothing is left") {
  const auto& subject = GENERATE(from_range(subjects()));
  CAPTURE(subject.scheme);
  const trial place(subject);
  scribe writer(place);
  writer.commit({{put("c", "a", "1"), put("c", "b", "2"), put("d", "a", "3")}});
  const auto reader = writer.reader();
  CHECK_FALSE(must(reader->scan({.collection = "c", .max_documents = 1})).at_end);
  CHECK(must(reader->scan({.collection = "c", .max_documents = 2})).at_end);
  CHECK_FALSE(must(reader->scan({.max_documents = 2})).at_end);
  const auto page = must(reader->scan({.max_documents = 3}));
  CHECK(page.at_end);
  CHECK(page.at.before.at == writer.log().meta().end());
  CHECK(page.at.after == page.at.before);
}

TEST_CASE("a page holds no more bytes of values than asked for, but one document at least") {
  const auto& subject = GENERATE(from_range(subjects()));
  CAPTURE(subject.scheme);
  const trial place(subject);
  scribe writer(place);
  writer.commit(
      {{put("c", "a", "1111"), put("c", "b", "22"), put("c", "d", "333333"), put("c", "e", "4")}});
  const auto reader = writer.reader();
  const auto documents = [&](std::size_t bytes) {
    return must(reader->scan({.collection = "c", .max_bytes = bytes})).documents.size();
  };
  CHECK(documents(0) == 1);
  CHECK(documents(3) == 1);
  CHECK(documents(5) == 1);
  CHECK(documents(6) == 2);
  CHECK(documents(11) == 2);
  CHECK(documents(12) == 3);
  CHECK(documents(13) == 4);
  // What is not given is not counted.
  CHECK(must(reader->scan({.max_bytes = 0, .content = scan_content::without_values}))
            .documents.size() == 4);
  CHECK(paged(*reader, {.max_bytes = 1}).size() == 4);
}

TEST_CASE("asking for nothing gives nothing, and where the store stands") {
  const auto& subject = GENERATE(from_range(subjects()));
  CAPTURE(subject.scheme);
  const trial place(subject);
  scribe writer(place);
  writer.commit({{put("c", "a", "1")}});
  const auto read = must(writer.reader()->get({}));
  CHECK(read.documents.empty());
  CHECK(read.at.before.at == writer.log().meta().end());
}
