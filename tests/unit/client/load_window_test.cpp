#include "protocols/client/load_window.hpp"

#include <catch2/catch.hpp>

using namespace keelson::client;

namespace {

piece make_piece(std::uint64_t number, const std::vector<std::string>& keys) {
  piece made{.number = number, .operations = {}, .bad_lines = {}, .end = {}};
  for (const auto& key : keys) made.operations.push_back({number, key, {}});
  made.end = {number + 1, (number + 1) * 10, (number + 1) * 100};
  return made;
}

}  // namespace

TEST_CASE("progress moves only over pieces that are all done") {
  load_window window({});
  const auto first = make_piece(0, {"a"});
  const auto second = make_piece(1, {"b"});
  const auto third = make_piece(2, {"c"});
  for (const auto* piece : {&first, &second, &third}) window.start(*piece);
  CHECK_FALSE(window.finish(third, 1, 5));
  CHECK_FALSE(window.finish(second, 1, 0));
  CHECK(window.progress() == load_progress{});
  const auto moved = window.finish(first, 1, 0);
  REQUIRE(moved);
  CHECK(*moved == load_progress{third.end, 3, 5});
}

TEST_CASE("progress goes on from where an earlier run had come to") {
  load_window window({{7, 70, 700}, 60, 10});
  const auto next = make_piece(7, {"a"});
  window.start(next);
  CHECK(window.finish(next, 4, 1) == load_progress{next.end, 64, 11});
}

TEST_CASE("pieces with a common key are not in flight together") {
  load_window window({});
  const auto first = make_piece(0, {"a", "b"});
  const auto other = make_piece(1, {"c"});
  const auto same = make_piece(2, {"x", "b"});
  window.start(first);
  CHECK(window.admits(other));
  CHECK_FALSE(window.admits(same));
  window.start(other);
  static_cast<void>(window.finish(other, 1, 0));
  CHECK_FALSE(window.admits(same));
  static_cast<void>(window.finish(first, 2, 0));
  CHECK(window.admits(same));
}

TEST_CASE("a key may occur twice in a piece") {
  load_window window({});
  const auto twice = make_piece(0, {"a", "a"});
  window.start(twice);
  static_cast<void>(window.finish(twice, 2, 0));
  CHECK(window.admits(make_piece(1, {"a"})));
}
