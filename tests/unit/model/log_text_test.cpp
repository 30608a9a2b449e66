#include "protocols/model/log_text.hpp"

#include <catch2/catch.hpp>

using namespace keelson;

TEST_CASE("a quoted value breaks neither its word nor its line") {
  CHECK(log_quoted("plain text") == "\"plain text\"");
  CHECK(log_quoted("a \"b\"\nc=d\\") == R"("a \"b\"\nc=d\\")");
  CHECK(log_quoted("Gr\xC3\xBC\xC3\x9F") == "\"Gr\xC3\xBC\xC3\x9F\"");
  CHECK(log_quoted("\xFF.\xFE") == "\"?.?\"");
  CHECK(log_quoted("") == "\"\"");
}

TEST_CASE("the words of a line are members of an object") {
  CHECK(log_members("component=http status=200") == R"(,"component":"http","status":"200")");
  CHECK(log_members("reason=" + log_quoted("a \"b\" c=d") + " at=1:2") ==
        R"(,"reason":"a \"b\" c=d","at":"1:2")");
  CHECK(log_members("limits.value=1 principal= trace=\"\"") ==
        R"(,"limits.value":"1","principal":"","trace":"")");
}

TEST_CASE("what is no such line is not taken for one") {
  for (const auto* line :
       {"some words", "a=b some words", "=b", "a=\"b", "a=\"b\"c", "a=b ", "a"}) {
    CAPTURE(line);
    CHECK_FALSE(log_members(line));
  }
}
