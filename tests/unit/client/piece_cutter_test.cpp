#include "protocols/client/piece_cutter.hpp"

#include <sstream>

#include <catch2/catch.hpp>

using namespace keelson::client;

namespace {

std::string body_of(const piece& cut) {
  std::vector<const put_operation*> all;
  for (const auto& operation : cut.operations) all.push_back(&operation);
  return batch_body(all);
}

/// The pieces of a text, cut from the piece that ended at `mark` on.
std::vector<piece> cut_all(const std::string& text, piece_limits limits, const file_mark& mark = {},
                           const std::string& key_field = "id") {
  std::istringstream from(text);
  piece_cutter cutter(line_reader::over(from, limits.bytes), "cities", key_field, limits);
  REQUIRE(cutter.skip_to(mark));
  std::vector<piece> pieces;
  for (;;) {
    auto next = cutter.next();
    REQUIRE(next);
    if (!*next) return pieces;
    pieces.push_back(std::move(**next));
  }
}

std::string numbered(int count, std::size_t pad = 0) {
  std::string text;
  for (int line = 1; line <= count; ++line)
    text += R"({"id":)" + std::to_string(line) + R"(,"pad":")" + std::string(pad, 'x') + "\"}\n";
  return text;
}

}  // namespace

TEST_CASE("a line becomes a put of its canonical form") {
  const auto pieces = cut_all("{ \"id\" : \"a\\u00e9\", \"n\" : 1.0 }\r\n\n{\"id\":-7}", {});
  REQUIRE(pieces.size() == 1);
  CHECK(body_of(pieces[0]) ==
        "{\"operations\":["
        "{\"op\":\"put\",\"collection\":\"cities\",\"key\":\"a\xC3\xA9\",\"value\":{\"id\":"
        "\"a\xC3\xA9\",\"n\":1}},"
        "{\"op\":\"put\",\"collection\":\"cities\",\"key\":\"-7\",\"value\":{\"id\":-7}}]}");
  CHECK(pieces[0].operations[1].line == 3);
}

TEST_CASE("without a key field a line names key and value") {
  const auto pieces =
      cut_all("{\"value\":[1,2],\"key\":\"a\"}\n{\"key\":\"b\"}\n{\"value\":1}", {}, {}, "");
  REQUIRE(pieces.size() == 1);
  CHECK(body_of(pieces[0]) ==
        R"({"operations":[{"op":"put","collection":"cities","key":"a","value":[1,2]}]})");
  CHECK(pieces[0].bad_lines.size() == 2);
}

TEST_CASE("bad lines are told apart and do not stop the others") {
  const auto pieces = cut_all(
      "{\"id\":1}\nnot "
      "json\n{\"no\":1}\n{\"id\":1.5}\n{\"id\":\"\"}\n[1]\n{\"id\":1,\"id\":2}\n{\"id\":2}",
      {});
  REQUIRE(pieces.size() == 1);
  CHECK(pieces[0].operations.size() == 2);
  std::vector<std::pair<std::uint64_t, std::string>> bad;
  for (const auto& line : pieces[0].bad_lines) bad.emplace_back(line.line, line.code);
  CHECK(bad == std::vector<std::pair<std::uint64_t, std::string>>{{2, "invalid_json"},
                                                                  {3, "invalid_key"},
                                                                  {4, "invalid_key"},
                                                                  {5, "invalid_key"},
                                                                  {6, "invalid_key"},
                                                                  {7, "invalid_json"}});
}

TEST_CASE("pieces keep to their limits, and no line is lost between them") {
  const auto text = numbered(2500, 40);
  for (const piece_limits limits : {piece_limits{1000, 8UL << 20}, piece_limits{1000, 2000},
                                    piece_limits{7, 300}, piece_limits{1, 1000}}) {
    std::uint64_t line = 0;
    std::uint64_t number = 0;
    for (const auto& cut : cut_all(text, limits)) {
      CHECK(cut.number == number++);
      CHECK(cut.operations.size() <= limits.lines);
      CHECK(body_of(cut).size() <= limits.bytes);
      for (const auto& operation : cut.operations) CHECK(operation.line == ++line);
      CHECK(cut.end.lines == line);
      CHECK(cut.end.pieces == number);
    }
    CHECK(line == 2500);
  }
}

TEST_CASE("a line that fits into no piece is a bad line") {
  const auto pieces = cut_all(numbered(1, 500) + numbered(2), {1000, 300});
  REQUIRE(pieces.size() == 1);
  REQUIRE(pieces[0].bad_lines.size() == 1);
  CHECK(pieces[0].bad_lines[0].line == 1);
  CHECK(pieces[0].bad_lines[0].code == "too_large");
  CHECK(pieces[0].operations.size() == 2);
}

TEST_CASE("cutting on from the end of any piece gives the same pieces") {
  const auto text = numbered(300, 10) + "bad\n\n" + numbered(300, 90) + "bad\nbad\n";
  const piece_limits limits{50, 3000};
  const auto whole = cut_all(text, limits);
  REQUIRE(whole.size() > 10);
  for (std::size_t from = 0; from < whole.size(); ++from) {
    const auto rest = cut_all(text, limits, whole[from].end);
    REQUIRE(rest.size() == whole.size() - from - 1);
    for (std::size_t at = 0; at < rest.size(); ++at) {
      const auto& same = whole[from + 1 + at];
      CHECK(rest[at].number == same.number);
      CHECK(body_of(rest[at]) == body_of(same));
      CHECK(rest[at].end == same.end);
      CHECK(rest[at].bad_lines.size() == same.bad_lines.size());
    }
  }
}

TEST_CASE("a body within the limit at one more byte is cut there") {
  const auto one = cut_all(numbered(2), {});
  const auto exact = body_of(one.at(0)).size();
  CHECK(cut_all(numbered(2), {1000, exact}).size() == 1);
  CHECK(cut_all(numbered(2), {1000, exact - 1}).size() == 2);
}
