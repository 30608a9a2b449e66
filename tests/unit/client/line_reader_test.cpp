#include "protocols/client/line_reader.hpp"

#include <sstream>

#include <boost/iostreams/copy.hpp>
#include <boost/iostreams/filter/gzip.hpp>
#include <boost/iostreams/filtering_streambuf.hpp>
#include <catch2/catch.hpp>

#include "tests/unit/client/scratch_folder.hpp"

using keelson::client::line_reader;

namespace {

namespace io = boost::iostreams;

std::string packed(const std::string& text) {
  std::istringstream from(text);
  io::filtering_streambuf<io::input> filter;
  filter.push(io::gzip_compressor());
  filter.push(from);
  std::ostringstream to;
  io::copy(filter, to);
  return to.str();
}

/// Every line, and "!" at the end if reading failed.
std::vector<std::string> lines_of(line_reader& reader) {
  std::vector<std::string> lines;
  for (;;) {
    const auto line = reader.next();
    if (!line) lines.emplace_back("!");
    if (!line || !*line) return lines;
    lines.emplace_back((*line)->text);
  }
}

std::string numbered_lines(int count) {
  std::string text;
  for (int line = 1; line <= count; ++line) text += "line " + std::to_string(line * 7919) + '\n';
  return text;
}

}  // namespace

TEST_CASE("lines have numbers and ends") {
  std::istringstream text("one\n\nthree");
  auto reader = line_reader::over(text, 100);
  const auto first = reader.next();
  CHECK((*first)->number == 1);
  CHECK((*first)->end == 4);
  CHECK((*first)->text == "one");
  CHECK((*reader.next())->text.empty());
  const auto last = reader.next();
  CHECK((*last)->number == 3);
  CHECK((*last)->end == 10);
  CHECK((*last)->text == "three");
  CHECK_FALSE(*reader.next());
  CHECK_FALSE(*reader.next());
  CHECK(reader.fraction() < 0);
}

TEST_CASE("a line that is too long is cut off, and the next one is whole") {
  std::istringstream text("12345\n123456\n" + std::string(300000, 'x') + "\nend\n");
  auto reader = line_reader::over(text, 5);
  CHECK_FALSE((*reader.next())->too_long);
  const auto second = reader.next();
  CHECK((*second)->too_long);
  CHECK((*second)->text == "12345");
  CHECK((*reader.next())->too_long);
  const auto fourth = reader.next();
  CHECK_FALSE((*fourth)->too_long);
  CHECK((*fourth)->text == "end");
}

TEST_CASE("a file packed by gzip reads as it was, also in two members") {
  const scratch_folder folder;
  const auto text = numbered_lines(50000);
  auto plain = line_reader::open(folder.write("plain", text), 100);
  auto gzip = line_reader::open(folder.write("packed", packed(text)), 100);
  auto twice = line_reader::open(folder.write("twice", packed(text) + packed(text)), 100);
  const auto wanted = lines_of(*plain);
  CHECK(wanted.size() == 50000);
  CHECK(lines_of(*gzip) == wanted);
  CHECK(lines_of(*twice).size() == 100000);
  CHECK(gzip->fraction() == 1);
}

TEST_CASE("a packed file that is cut off or damaged is an error, never a shorter file") {
  const scratch_folder folder;
  const auto whole = packed(numbered_lines(20000));
  for (const std::size_t missing :
       {std::size_t{1}, std::size_t{4}, std::size_t{8}, std::size_t{9}, whole.size() / 2}) {
    INFO(missing);
    auto cut = line_reader::open(folder.write("cut", whole.substr(0, whole.size() - missing)), 100);
    CHECK(lines_of(*cut).back() == "!");
  }
  auto damaged = whole;
  damaged[damaged.size() / 2] = static_cast<char>(~damaged[damaged.size() / 2]);
  auto reader = line_reader::open(folder.write("damaged", damaged), 100);
  CHECK(lines_of(*reader).back() == "!");
}

TEST_CASE("reading goes on behind any line") {
  const scratch_folder folder;
  const auto path = folder.write("packed", packed(numbered_lines(20000)));
  auto whole = line_reader::open(path, 100);
  auto mark = *whole->next();
  while (mark->number < 12345) mark = *whole->next();
  const auto end = mark->end;
  auto again = line_reader::open(path, 100);
  REQUIRE(again->skip(12345, end));
  const auto next = again->next();
  CHECK((*next)->number == 12346);
  CHECK((*next)->text == "line " + std::to_string(12346 * 7919));
  auto beyond = line_reader::open(path, 100);
  CHECK_FALSE(beyond->skip(1, 1UL << 40));
}

TEST_CASE("a file that is not there is an error with its name") {
  const auto missing = line_reader::open("does-not-exist.ndjson", 100);
  REQUIRE_FALSE(missing);
  CHECK(missing.error().detail.find("does-not-exist.ndjson") != std::string::npos);
}
