#include "protocols/client/console.hpp"

#include <sstream>

#include <catch2/catch.hpp>

#include "protocols/client/commands.hpp"
#include "protocols/client/http_message.hpp"
#include "protocols/client/progress_bar.hpp"

using namespace keelson::client;

namespace {

struct terminal {
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  console io{in, out, err};
};

}  // namespace

TEST_CASE("a column never breaks its line") {
  CHECK(column("a b\xC3\xA9") == "a b\xC3\xA9");
  CHECK(column("a\tb\nc") == R"("a\tb\nc")");
  CHECK(member_column(R"({"a":"x","b":1.10,"c":null,"d":{"e":1}})", "a") == "x");
  CHECK(member_column(R"({"a":"x","b":1.10})", "b") == "1.10");
  CHECK(member_column(R"({"c":null})", "c") == "-");
  CHECK(member_column(R"({"c":null})", "x") == "-");
  CHECK(member_column(R"({"d":{"e":1}})", "d") == R"({"e":1})");
}

TEST_CASE("a refusal is told in the words of the service") {
  terminal screen;
  const http_response answer{
      .status = 412,
      .fields = {{"x-request-id", "r1"}},
      .body = R"({"code":"precondition_failed","detail":"It moved on","version":7})"};
  CHECK(report_refusal(screen.io, answer) == exit_status::refused);
  CHECK(screen.err.str() ==
        "keelson: precondition_failed: It moved on (present version 7) [request r1]\n");
}

TEST_CASE("a refusal without a problem document is told by its status") {
  terminal screen;
  CHECK(report_refusal(screen.io, {.status = 502, .fields = {}, .body = "<html>"}) ==
        exit_status::refused);
  CHECK(screen.err.str() == "keelson: status 502\n");
}

TEST_CASE("output that could not be written is no success") {
  terminal screen;
  CHECK(written(screen.io, exit_status::done) == exit_status::done);
  screen.out.setstate(std::ios::badbit);
  CHECK(written(screen.io, exit_status::done) == exit_status::refused);
}

TEST_CASE("a line of progress says how far, how fast and how long") {
  using std::chrono::seconds;
  CHECK(progress_line({0.5, 1234567}, "documents", seconds(10)) ==
        "50 % [###############               ] 1,234,567 documents, 123,456/s, 10 s left");
  CHECK(progress_line({-1, 999}, "documents", seconds(0)) == "999 documents");
  CHECK(progress_line({0.01, 1}, "documents", seconds(50)).ends_with(", 82 min left"));
  CHECK(progress_line({1.5, 1}, "documents", seconds(1)).find("100 %") == 0);
}

TEST_CASE("a run that goes on tells its own rate and time") {
  using std::chrono::seconds;
  CHECK(progress_line({0.75, 1500}, "documents", seconds(5), {0.5, 1000}) ==
        "75 % [######################        ] 1,500 documents, 100/s, 5 s left");
  CHECK(progress_line({0.5, 1000}, "documents", seconds(1), {0.5, 1000}).ends_with(", 0/s"));
}

TEST_CASE("words are painted by what they tell, where colours are seen") {
  terminal screen;
  complain(screen.io, "no");
  CHECK(screen.err.str() == "keelson: no\n");
  screen.err.str("");
  screen.io.err_palette = palette::colours;
  complain(screen.io, "no");
  CHECK(screen.err.str() == "\x1b[31mkeelson:\x1b[0m no\n");
  CHECK(painted(palette::plain, tone::good, "live") == "live");
  CHECK(painted(palette::colours, tone_of_state("live"), "live") == "\x1b[32mlive\x1b[0m");
  CHECK(tone_of_state("rebuilding") == tone::passing);
  CHECK(tone_of_state("foreign") == tone::bad);
}

TEST_CASE("progress is drawn on a terminal only, and taken away") {
  terminal screen;
  const auto start = progress_bar::clock::now();
  progress_bar silent(screen.io, "documents");
  silent.show({0.5, 1}, start);
  CHECK(screen.err.str().empty());
  screen.io.progress = progress_style::bar;
  {
    progress_bar bar(screen.io, "documents");
    bar.begin({}, start);
    bar.show({0.5, 1}, start);
    bar.note("a note");
  }
  CHECK(screen.err.str().ends_with("\r\x1b[Ka note\n"));
}
