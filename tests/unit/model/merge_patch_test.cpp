#include <string>

#include <catch2/catch.hpp>

#include "protocols/model/canonical_json.hpp"

namespace keelson {
namespace {

struct vector {
  const char* target;
  const char* patch;
  const char* merged;
};

TEST_CASE("the examples of RFC 7396, appendix A") {
  constexpr vector vectors[] = {
      {R"({"a":"b"})", R"({"a":"c"})", R"({"a":"c"})"},
      {R"({"a":"b"})", R"({"b":"c"})", R"({"a":"b","b":"c"})"},
      {R"({"a":"b"})", R"({"a":null})", R"({})"},
      {R"({"a":"b","b":"c"})", R"({"a":null})", R"({"b":"c"})"},
      {R"({"a":["b"]})", R"({"a":"c"})", R"({"a":"c"})"},
      {R"({"a":"c"})", R"({"a":["b"]})", R"({"a":["b"]})"},
      {R"({"a":{"b":"c"}})", R"({"a":{"b":"d","c":null}})", R"({"a":{"b":"d"}})"},
      {R"({"a":[{"b":"c"}]})", R"({"a":[1]})", R"({"a":[1]})"},
      {R"(["a","b"])", R"(["c","d"])", R"(["c","d"])"},
      {R"({"a":"b"})", R"(["c"])", R"(["c"])"},
      {R"({"a":"foo"})", R"(null)", R"(null)"},
      {R"({"a":"foo"})", R"("bar")", R"("bar")"},
      {R"({"e":null})", R"({"a":1})", R"({"a":1,"e":null})"},
      {R"([1,2])", R"({"a":"b","c":null})", R"({"a":"b"})"},
      {R"({})", R"({"a":{"bb":{"ccc":null}}})", R"({"a":{"bb":{}}})"},
  };
  for (const vector& each : vectors) {
    INFO(each.target << " and " << each.patch);
    CHECK(merge_patch(each.target, each.patch) == each.merged);
  }
}

TEST_CASE("the example of RFC 7396, section 3") {
  CHECK(
      merge_patch(
          R"({"author":{"familyName":"Doe","givenName":"John"},"content":"This will be unchanged","tags":["example","sample"],"title":"Goodbye!"})",
          R"({"author":{"familyName":null},"phoneNumber":"+01-123-456-7890","tags":["example"],"title":"Hello!"})") ==
      R"({"author":{"givenName":"John"},"content":"This will be unchanged","phoneNumber":"+01-123-456-7890","tags":["example"],"title":"Hello!"})");
}

TEST_CASE("numbers and strings that no patch touches are copied byte by byte") {
  CHECK(merge_patch(R"({"a":18446744073709551615,"b":1e20,"c":"\"}]"})", R"({"b":5e-324})") ==
        R"({"a":18446744073709551615,"b":5e-324,"c":"\"}]"})");
  CHECK(merge_patch(R"({"a":{"x":[{"y":"]"},"\\"]},"b":1})", R"({"b":null})") ==
        R"({"a":{"x":[{"y":"]"},"\\"]}})");
}

TEST_CASE("nulls inside of a patch's array stay, nulls in added objects go") {
  CHECK(merge_patch("1", R"({"a":[null,{"b":null}]})") == R"({"a":[null,{"b":null}]})");
  CHECK(merge_patch(R"({"a":1})", R"({"a":{"b":null,"c":2}})") == R"({"a":{"c":2}})");
  CHECK(merge_patch("{}", "{}") == "{}");
  CHECK(merge_patch(R"({"a":1})", "{}") == R"({"a":1})");
}

TEST_CASE("members come in the order of what their names mean") {
  CHECK(merge_patch(R"({"!":1,"#":2})", R"({"\"":3})") == R"({"!":1,"\"":3,"#":2})");
  CHECK(merge_patch(R"({"\n":1,"]":2})", R"({"\t":4,"\n":null,"\\":3})") ==
        R"({"\t":4,"\\":3,"]":2})");
  CHECK(merge_patch(R"({"":1})", R"({"":null,"a":2})") == R"({"a":2})");
}

TEST_CASE("a result that is too deep is refused, wherever the depth comes from") {
  CHECK(merge_patch("[[1]]", "2", 0) == "2");
  CHECK(merge_patch("1", "[[1]]", 2) == "[[1]]");
  CHECK(merge_patch("1", "[[1]]", 1).error().code == errc::too_large);
  CHECK(merge_patch(R"({"a":{"b":[]}})", R"({"a":{"c":1}})", 3) == R"({"a":{"b":[],"c":1}})");
  CHECK(merge_patch(R"({"a":{"b":[]}})", R"({"a":{"c":1}})", 2).error().code == errc::too_large);
  CHECK(merge_patch(R"({"a":{"b":[]}})", R"({"a":{"b":1}})", 2) == R"({"a":{"b":1}})");
  std::string deep = "1";
  for (int i = 0; i < 2'000; ++i) deep = "{\"a\":" + deep + "}";
  CHECK(merge_patch(deep, deep).error().code == errc::too_large);
}

TEST_CASE("texts that are not canonical end in an error, never outside of the text") {
  for (const char* const broken :
       {"", "{", "{\"", "{\"a", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":[", "{\"a\":\"\\",
        "{\"a\":1}}", "{a:1}", "{\"a\":}", "{\"a\":]}"}) {
    INFO(broken);
    CHECK(merge_patch(broken, R"({"b":1})").error().code == errc::internal);
    CHECK(merge_patch(R"({"b":1})", broken).error().code == errc::internal);
  }
}

}  // namespace
}  // namespace keelson
