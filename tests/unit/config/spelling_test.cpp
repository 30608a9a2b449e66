#include "config/spelling.hpp"

#include <array>
#include <string>

#include <catch2/catch.hpp>

namespace keelson::config {

TEST_CASE("edit distance") {
  CHECK(edit_distance("", "") == 0);
  CHECK(edit_distance("abc", "abc") == 0);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("abc", "") == 3);
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance("limit", "limti") == 1);
  CHECK(edit_distance("ca", "abc") == 3);
}

TEST_CASE("the nearest name is one that was probably meant") {
  const std::array<std::string, 4> names{"limits.value", "limits.key", "primary.url", "data"};
  CHECK(nearest("limits.vlaue", names) == "limits.value");
  CHECK(nearest("limit.key", names) == "limits.key");
  CHECK(nearest("primary", names) == "primary.url");
  CHECK(nearest("date", names) == "data");
  CHECK(nearest("colour", names).empty());
  CHECK(nearest("prim", names).empty());
  CHECK(did_you_mean("date", names) == "; did you mean 'data'?");
  CHECK(did_you_mean("colour", names).empty());
}

}  // namespace keelson::config
