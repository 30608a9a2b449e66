#include "backends/mongo/identifiers.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace keelson;
using namespace keelson::backends::mongo;

TEST_CASE("identifiers are in the order of the bytes that they stand for") {
  std::vector<std::string> keys;
  for (int a = 0; a < 256; ++a) {
    keys.push_back(std::string(1, static_cast<char>(a)));
    for (const int b : {0, 32, 65, 125, 126, 127, 128, 255}) {
      keys.push_back({static_cast<char>(a), static_cast<char>(b)});
    }
  }
  std::ranges::sort(keys);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    CHECK(from_sortable(sortable(keys[i])) == keys[i]);
    CHECK(sortable(keys[i]) < behind(sortable(keys[i])));
    if (i > 0) {
      CHECK(sortable(keys[i - 1]) < sortable(keys[i]));
      const bool begins = keys[i].starts_with(keys[i - 1]);
      CHECK(begins == (sortable(keys[i]) < behind(sortable(keys[i - 1]))));
    }
  }
}

TEST_CASE("identifiers can be read, and collections do not mix") {
  const auto id = [](const char* collection, const char* key) {
    return document_identifier({collection_name::trusted(collection), document_key::trusted(key)});
  };
  CHECK(id("cities", "New York") == "cities New York");
  CHECK(id("cities", "Z\u00fcrich") == "cities Z~c3~bcrich");
  CHECK(id("c", "z") < id("c-", "a"));
  CHECK(id("c-", "z") < id("c0", "a"));
  CHECK(behind(first_identifier("c", "")) < id("c-", "a"));
  CHECK(from_sortable("a~zz~4") == "a~zz~4");
}
