#include "backends/mongo/value_bson.hpp"

#include <random>
#include <string>

#include <catch2/catch.hpp>

#include "backends/mongo/bson_doc.hpp"
#include "protocols/model/canonical_json.hpp"

using namespace keelson;
using namespace keelson::backends::mongo;

namespace {

/// There and back; empty where it cannot go.
std::string round_trip(std::string_view canonical) {
  bson_doc out;
  if (!append_value(*out.get(), "value", canonical)) return {};
  std::size_t offset = 0;
  REQUIRE(bson_validate(out.get(), BSON_VALIDATE_UTF8, &offset));
  bson_iter_t value;
  REQUIRE(bson_iter_init_find(&value, out.get(), "value"));
  return value_text(value);
}

bson_type_t type_of(std::string_view canonical) {
  bson_doc out;
  REQUIRE(append_value(*out.get(), "value", canonical));
  bson_iter_t value;
  REQUIRE(bson_iter_init_find(&value, out.get(), "value"));
  return bson_iter_type(&value);
}

/// What a shell of MongoDB would have stored, as Keelson reads it.
std::string read_foreign(const char* extended_json) {
  bson_t parsed;
  bson_error_t why;
  REQUIRE(bson_init_from_json(&parsed, extended_json, -1, &why));
  bson_iter_t value;
  REQUIRE(bson_iter_init_find(&value, &parsed, "value"));
  auto text = value_text(value);
  bson_destroy(&parsed);
  return text;
}

class random_value {
 public:
  explicit random_value(std::uint32_t seed) : random_(seed) {}

  std::string make(int depth = 0) {
    switch (random_() % (depth < 5 ? 9 : 7)) {
      case 0:
        return "null";
      case 1:
        return random_() % 2 != 0 ? "true" : "false";
      case 2:
        return std::to_string(static_cast<std::int64_t>(random_() << random_() % 40));
      case 3:
        return std::to_string(~std::uint64_t{0} - random_());
      case 4:
        return std::to_string(static_cast<std::int32_t>(random_())) + '.' +
               std::to_string(random_()) + "e-" + std::to_string(random_() % 200);
      case 5:
        return std::to_string(1 + random_() % 9) + "." + std::to_string(random_()) + "e" +
               std::to_string(random_() % 300);
      case 6:
        return text();
      case 7: {
        std::string items;
        for (auto i = random_() % 5; i > 0; --i) items += make(depth + 1) + (i > 1 ? "," : "");
        return '[' + items + ']';
      }
      default: {
        std::string members;
        for (unsigned i = 0; i < random_() % 5; ++i) {
          auto name = text();
          name.insert(1, std::to_string(i) + ':');  // no name twice
          if (random_() % 4 == 0) name.insert(1, "$");
          members += (members.empty() ? "" : ",") + name + ':' + make(depth + 1);
        }
        return '{' + members + '}';
      }
    }
  }

 private:
  std::string text() {
    static const std::vector<std::string> parts{
        "a",      "$",      ".",      "\\\"",   "\\\\",       "\\n", "\\u0001",
        "\u00e9", "\uFF04", "\uFF0E", "\uFF3C", "\U0001F600", "_id", "/"};
    std::string all = "\"";
    for (auto i = random_() % 6; i > 0; --i) all += parts[random_() % parts.size()];
    return all + '"';
  }

  std::mt19937_64 random_;
};

}  // namespace

TEST_CASE("values come back with the same bytes") {
  for (const char* const value : {"null",
                                  "true",
                                  "false",
                                  "\"\"",
                                  "\"a\\u0001\\\"\\\\\"",
                                  "0",
                                  "-1",
                                  "2147483648",
                                  "9223372036854775807",
                                  "-9223372036854775808",
                                  "9223372036854775808",
                                  "18446744073709551615",
                                  "0.1",
                                  "-0.5",
                                  "1e20",
                                  "1e21",
                                  "1.5e300",
                                  "-1e19",
                                  "0.0001",
                                  "1e-7",
                                  "5e-324",
                                  "1.7976931348623157e308",
                                  "4.35",
                                  "9007199254740993",
                                  "[]",
                                  "{}",
                                  "[[],[[1]],{}]",
                                  "[1,\"2\",3.5,null]",
                                  R"({"":1,"_id":2,"a":{"_id":3}})",
                                  R"({"$ref":"x","a.b":1,"c.":{".":2}})",
                                  R"({"$date":"2020-01-01T00:00:00Z"})",
                                  R"({"$numberLong":"5"})",
                                  "{\"\uFF04a\":1,\"\uFF0E\":2}",
                                  "{\"a\uFF3C.b\":1,\"\uFF3C\":2,\"\uFF3C\uFF0E\":3}",
                                  "\"\uFFFF\U0010FFFF\""}) {
    CAPTURE(value);
    REQUIRE(canonicalise(value) == std::string(value));
    CHECK(round_trip(value) == value);
  }
}

TEST_CASE("random values come back with the same bytes") {
  for (std::uint32_t seed = 1; seed <= 3000; ++seed) {
    const auto value = canonicalise(random_value(seed).make());
    CAPTURE(seed);
    REQUIRE(value);
    REQUIRE(round_trip(*value) == *value);
  }
}

TEST_CASE("numbers have the types that MongoDB's tools expect") {
  CHECK(type_of("5") == BSON_TYPE_INT64);
  CHECK(type_of("-9223372036854775808") == BSON_TYPE_INT64);
  CHECK(type_of("9223372036854775808") == BSON_TYPE_DECIMAL128);
  CHECK(type_of("1e20") == BSON_TYPE_DOUBLE);
  CHECK(type_of("0.5") == BSON_TYPE_DOUBLE);
}

TEST_CASE("names that MongoDB does not take everywhere are written otherwise, and come back") {
  CHECK(escaped_name("$a.b$") == "\uFF04a\uFF0Eb$");
  CHECK(plain_name("\uFF04a\uFF0Eb$") == "$a.b$");
  CHECK(plain_name("$a.b") == "$a.b");  // as somebody else may have written it
  CHECK(escaped_name("\uFF0E") == "\uFF3C\uFF0E");
  for (const std::string name :
       {"", "$", ".", "..", "\uFF3C", "\uFF3C\uFF3C.", "a\uFF04", "\uFF04."}) {
    CAPTURE(name);
    CHECK(plain_name(escaped_name(name)) == name);
    CHECK(escaped_name(name).find('.') == std::string::npos);
  }
}

TEST_CASE("a value as deep as MongoDB takes goes as BSON, a deeper one does not") {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  CHECK(round_trip(nested(deepest_value)) == nested(deepest_value));
  CHECK(round_trip(nested(deepest_value + 1)).empty());
}

TEST_CASE("what somebody edited is read by its meaning, or as what it is") {
  CHECK(read_foreign(R"({"value":{"$numberInt":"5"}})") == "5");
  CHECK(read_foreign(R"({"value":{"$numberDouble":"5.0"}})") == "5");
  CHECK(read_foreign(R"({"value":{"$numberDecimal":"5"}})") == "5");
  CHECK(read_foreign(R"({"value":{"b":1,"a":2}})") == R"({"a":2,"b":1})");
  CHECK(read_foreign(R"({"value":{"$numberDouble":"NaN"}})") == R"({"$numberDouble":"NaN"})");
  CHECK(read_foreign(R"({"value":{"$numberDecimal":"0.5"}})") == R"({"$numberDecimal":"0.5"})");
  CHECK(read_foreign(R"({"value":{"at":{"$date":{"$numberLong":"0"}}}})") ==
        R"({"at":{"$date":{"$numberLong":"0"}}})");
  CHECK(read_foreign(R"({"value":{"$oid":"000102030405060708090a0b"}})") ==
        R"({"$oid":"000102030405060708090a0b"})");
}
