#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <utility>

#include "tests/conformance/trial.hpp"
#include "tests/conformance/versions.hpp"

using namespace keelson;
using namespace keelson::conformance;

namespace {

constexpr std::string_view begin_mark = "<!-- written by the conformance tests -->\n";
constexpr std::string_view end_mark = "<!-- end -->\n";
constexpr std::string_view head =
    "| scheme | primary | secondary | durable | whole | snapshots | ordered | tried with |\n"
    "| --- | --- | --- | --- | --- | --- | --- | --- |\n";

std::string yes_or_no(bool yes) {
  return yes ? " yes |" : " no |";
}

/// What a fresh place of the engine shows in each role, as a row of the table.
std::string row_of(const subject& of) {
  const auto opened = [&](const backends::ownership& owner) {
    const trial place(of);
    auto store = place.open(owner);
    return store ? std::optional((*store)->abilities()) : std::nullopt;
  };
  const auto primary = opened(primary_owner());
  const auto secondary = opened(secondary_owner());
  const auto able = primary.value_or(secondary.value_or(backends::capabilities{}));
  std::string row = "| `" + std::string(of.scheme) + ":` |";
  row += yes_or_no(primary.has_value()) + yes_or_no(secondary.has_value());
  row += yes_or_no(able.durable) + yes_or_no(able.transactional);
  row += yes_or_no(able.snapshots) + yes_or_no(able.ordered_scan);
  return row + ' ' + version_of(of.scheme) + " |\n";
}

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The rows between the marks, by scheme.
std::map<std::string, std::string> rows_in(const std::string& text) {
  std::map<std::string, std::string> rows;
  const auto first = text.find(begin_mark);
  const auto last = text.find(end_mark);
  if (first == std::string::npos || last == std::string::npos) return rows;
  auto at = first + begin_mark.size() + head.size();
  while (at < last) {
    const auto end = text.find('\n', at) + 1;
    auto row = text.substr(at, end - at);
    const auto scheme = row.substr(3, row.find(':') - 3);
    rows.emplace(scheme, std::move(row));
    at = end;
  }
  return rows;
}

void write(const std::string& path, std::string text,
           const std::map<std::string, std::string>& rows) {
  std::string table(begin_mark);
  table += head;
  for (const auto& [scheme, row] : rows) table += row;
  const auto first = text.find(begin_mark);
  REQUIRE(first != std::string::npos);
  text.replace(first, text.find(end_mark) - first, table);
  std::ofstream(path, std::ios::binary) << text;
}

}  // namespace

TEST_CASE("the table of stores in the documents says what they show") {
  const std::string path = KEELSON_DOCS "/stores.md";
  const auto text = read(path);
  const auto written = rows_in(text);
  auto shown = written;
  for (const auto& each : subjects()) {
    // A server that somebody named for the tests may show more than the tests' own.
    if (!version_of(each.scheme).empty()) shown[std::string(each.scheme)] = row_of(each);
  }
  if (std::getenv("KEELSON_TEST_WRITE_DOCS") != nullptr) {
    write(path, text, shown);
    return;
  }
  for (const auto& each : subjects()) {
    const std::string scheme(each.scheme);
    INFO("with KEELSON_TEST_WRITE_DOCS=1 this test writes the table");
    if (version_of(each.scheme).empty()) continue;
    CHECK((written.contains(scheme) ? written.at(scheme) : "no row") == shown.at(scheme));
  }
}
