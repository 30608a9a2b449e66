#include "protocols/client/json_slice.hpp"

#include <catch2/catch.hpp>

using namespace keelson::client;

TEST_CASE("members are handed out as they stand") {
  const std::string text =
      R"( { "a" : 1.10, "n":{"b":"}\"]","a":2} ,"list":[1,[2],"x,y"],"z":null})";
  CHECK(json_member(text, "a") == "1.10");
  CHECK(json_member(text, "n") == R"({"b":"}\"]","a":2})");
  CHECK(json_member(text, "list") == R"([1,[2],"x,y"])");
  CHECK(json_member(text, "z") == "null");
  CHECK_FALSE(json_member(text, "b"));
  CHECK(json_names(text) == std::vector<std::string>{"a", "n", "list", "z"});
}

TEST_CASE("elements are handed out as they stand") {
  CHECK(json_elements("[]")->empty());
  CHECK(*json_elements(R"([ 1e2 , {"a":[1,2]},"]" ])") ==
        std::vector<std::string_view>{"1e2", R"({"a":[1,2]})", R"("]")"});
  CHECK_FALSE(json_elements("{}"));
  CHECK_FALSE(json_elements("[1,2"));
}

TEST_CASE("strings are decoded") {
  CHECK(json_string(R"("a\"\u00e9\n")") == "a\"\xC3\xA9\n");
  CHECK_FALSE(json_string("12"));
  CHECK(json_string_member(R"({"a":"b"})", "a") == "b");
  CHECK(json_string_member(R"({"a":1})", "a").empty());
}

TEST_CASE("every cut and every changed byte of a text is survived") {
  const std::string text = R"({"a":"x\"y","b":[1,{"c":[]}],"d":{"e":-1.5e3}})";
  const std::string bytes = "\"\\{}[],: a\n";
  const auto read = [](std::string_view broken) {
    for (const auto* name : {"a", "b", "d", "z"}) {
      if (const auto found = json_member(broken, name)) {
        CHECK(found->data() >= broken.data());
        CHECK(found->data() + found->size() <= broken.data() + broken.size());
      }
    }
    CHECK(json_elements_of(broken, "b").size() <= broken.size());
    CHECK(json_names(broken).size() <= broken.size());
  };
  for (std::size_t at = 0; at <= text.size(); ++at) {
    read(std::string(text, 0, at));
    read(std::string(text, at));
    for (const char byte : bytes) {
      auto changed = text;
      if (at < text.size()) changed[at] = byte;
      read(changed);
    }
  }
}
