#include "protocols/model/canonical_json.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace keelson {
namespace {

using namespace std::string_literals;

std::string detail(std::string_view text) {
  const auto canonical = canonicalise(text);
  return canonical ? "accepted" : canonical.error().detail;
}

TEST_CASE("a refusal says at which byte") {
  CHECK(detail("") == "at byte 0: the text ends inside of a value");
  CHECK(detail("[1,") == "at byte 3: the text ends inside of a value");
  CHECK(detail("{\"a\":x}") == "at byte 5: unexpected x");
  CHECK(detail("[1] 2") == "at byte 4: something follows the value");
  CHECK(detail("[\"a\xff\"]").starts_with("at byte 3: not well-formed UTF-8"));
  CHECK(detail("[1, 1e400]") == "at byte 4: a number that is out of range");
  CHECK(detail("[1, -1e99999999999]") == "at byte 4: a number that is out of range");
  CHECK(detail("[0e99999999999, 18446744073709551616]") ==
        "at byte 16: a number that is out of range");
  CHECK(detail("{\"a\":1,\"a\":2}") ==
        "at byte 12: the object that ends here has the name \"a\" twice");
  CHECK(detail("{\"b\":[],\"a\":{\"x\\n\":1,\"x\\n\":2}}") ==
        "at byte 28: the object that ends here has the name \"x\\n\" twice");
  CHECK(detail("\"ab\\u0000cd\"") == "at byte 11: the string up to here contains U+0000");
  CHECK(detail("\"\\ud800\"").starts_with("at byte 7: "));
  CHECK(detail("\"\\uzzzz\"").starts_with("at byte 3: a \\u escape"));
  CHECK(detail(std::string(65, '[')) == "at byte 64: nested deeper than 64 levels");
}

TEST_CASE("the depth is what the caller allows") {
  CHECK(canonicalise("1", 0) == "1");
  CHECK(canonicalise("[]", 0).error().code == errc::too_large);
  CHECK(canonicalise("[{}]", 2) == "[{}]");
  CHECK(canonicalise("[{\"a\":[]}]", 2).error().code == errc::too_large);
  CHECK(canonicalise("[[],[],{}]", 2) == "[[],[],{}]");
  const std::string deep = std::string(200, '[') + std::string(200, ']');
  CHECK(canonicalise(deep, 200) == deep);
  CHECK(canonicalise(std::string(1'000'000, '[')).error().code == errc::too_large);
}

TEST_CASE("a refusal leaves nothing behind for the next text") {
  for (const char* const bad : {"{\"b\":1,\"a\":[{\"x\":", "[1e400]", "{\"a\":1,\"a\":1}",
                                "\"\\ud800", "[0e99999999999,", "1 1"}) {
    CHECK_FALSE(canonicalise(bad).has_value());
    CHECK(canonicalise("{\"b\":1,\"a\":[2]}") == "{\"a\":[2],\"b\":1}");
  }
}

TEST_CASE("an object of 100,000 members is sorted and searched for repetitions") {
  std::vector<std::string> members;
  for (int i = 0; i < 100'000; ++i) {
    std::string number = std::to_string(i);
    members.push_back("\"k" + std::string(6 - number.size(), '0') + number + "\":" + number);
  }
  const auto joined = [&members] {
    std::string text = "{";
    for (const std::string& each : members) text += each + ",";
    text.back() = '}';
    return text;
  };
  const std::string sorted = joined();
  CHECK(canonicalise(sorted) == sorted);
  std::reverse(members.begin(), members.end());
  CHECK(canonicalise(joined()) == sorted);
  members.push_back("\"k050000\":null");
  CHECK(canonicalise(joined()).error().code == errc::invalid_json);
}

TEST_CASE("strings longer than the parser's buffer keep every byte") {
  for (const std::size_t size : {4080U, 4090U, 4094U, 4095U, 4096U, 4097U, 9000U}) {
    const std::string filler(size, 'x');
    const std::string canonical = "\"\\n" + filler + "€😀\\t\"";
    CHECK(canonicalise("\"\\u000a" + filler + "\\u20ac\\ud83d\\ude00\\u0009\"") == canonical);
    CHECK(canonicalise(canonical) == canonical);
    CHECK(canonicalise("{\"\\n" + filler + "€\":1}") == "{\"\\n" + filler + "€\":1}");
    CHECK_FALSE(canonicalise("\"\\n" + filler + "\\u0000\"").has_value());
    CHECK_FALSE(canonicalise("\"\\n" + filler + "\xe2\x82\"").has_value());
    CHECK_FALSE(canonicalise("\"\\n" + filler + "\xe2\x82").has_value());
  }
}

TEST_CASE("what a store made of a value is brought back to the canonical form") {
  CHECK(restore_canonical("{\"b\": 1, \"aa\": [1, 2], \"a\": \"\\u0001\"}") ==
        "{\"a\":\"\\u0001\",\"aa\":[1,2],\"b\":1}");
  CHECK(restore_canonical("18446744073709551615") == "18446744073709551615");
  CHECK(restore_canonical("18446744073709551616") == "1.8446744073709552e19");
  CHECK(restore_canonical("-10000000000000000000") == "-1e19");
  CHECK(restore_canonical("100000000000000000000") == "1e20");
  CHECK(restore_canonical("15" + std::string(299, '0')) == "1.5e300");
  CHECK(restore_canonical("0.0000001") == "1e-7");
  CHECK(restore_canonical("0." + std::string(323, '0') + "5") == "5e-324");
  CHECK(restore_canonical(std::string(100, '[') + std::string(100, ']')).has_value());
  CHECK(restore_canonical('1' + std::string(309, '0')).error().code == errc::number_out_of_range);
  CHECK(canonicalise("18446744073709551616").error().code == errc::number_out_of_range);
}

TEST_CASE("append_json_string escapes as the canonical form does") {
  const auto quoted = [](std::string_view text) {
    std::string out = "x";
    append_json_string(out, text);
    return out;
  };
  CHECK(quoted("") == "x\"\"");
  CHECK(quoted("a/b\"c\\d") == "x\"a/b\\\"c\\\\d\"");
  CHECK(quoted("\b\t\n\f\r\x01\x1f\x7f€") == "x\"\\b\\t\\n\\f\\r\\u0001\\u001f\x7f€\"");
}

TEST_CASE("is_clean_utf8 takes RFC 3629 and no U+0000") {
  for (const char* const good :
       {"", "a", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
        "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf", "aé€😀z"})
    CHECK(is_clean_utf8(good));
  for (const char* const bad :
       {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2\x41", "\xe0\x80\x80", "\xe0\x9f\xbf",
        "\xe2\x82", "\xe2\x82\x41", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x80\x80\x80",
        "\xf0\x8f\xbf\xbf", "\xf0\x9f\x98", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff",
        "good\xc3"})
    CHECK_FALSE(is_clean_utf8(bad));
  CHECK_FALSE(is_clean_utf8("a\0b"s));
  CHECK_FALSE(is_clean_utf8("\0"s));
}

}  // namespace
}  // namespace keelson
