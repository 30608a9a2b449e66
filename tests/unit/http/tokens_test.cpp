#include "protocols/http/tokens.hpp"

#include <catch2/catch.hpp>

using namespace keelson;
using http::scope;

namespace {

std::vector<http::access_token> tokens() {
  return {{"reader", scope::read, hash_value("r-secret")},
          {"app", scope::write, hash_value("w-secret")},
          {"boss", scope::admin, hash_value("a-secret")}};
}

http::token_table three() {
  return http::token_table(tokens());
}

errc refusal(const http::token_table& table, std::string_view text, scope needed) {
  const auto caller = table.admit(text, needed);
  REQUIRE_FALSE(caller);
  return caller.error().code;
}

}  // namespace

TEST_CASE("without tokens everybody may do everything") {
  CHECK(http::token_table().admit("", scope::admin) == "anonymous");
  CHECK(http::token_table().admit("whatever", scope::read) == "anonymous");
}

TEST_CASE("a token does what its scope holds, under its name") {
  const auto table = three();
  CHECK(table.admit("r-secret", scope::read) == "reader");
  CHECK(table.admit("w-secret", scope::read) == "app");
  CHECK(table.admit("w-secret", scope::write) == "app");
  CHECK(table.admit("a-secret", scope::admin) == "boss");
  CHECK(refusal(table, "r-secret", scope::write) == errc::forbidden);
  CHECK(refusal(table, "w-secret", scope::admin) == errc::forbidden);
}

TEST_CASE("no token and a wrong one are unauthenticated, but for what needs none") {
  const auto table = three();
  for (const auto* text : {"", "r-secre", "r-secrets", "R-secret", "reader"}) {
    CHECK(refusal(table, text, scope::read) == errc::unauthenticated);
    CHECK(table.admit(text, scope::none) == "anonymous");
  }
}

TEST_CASE("every token is compared, whichever is shown") {
  const auto all = tokens();
  for (const auto* text : {"r-secret", "w-secret", "a-secret", "r-secrets", "wrong", ""}) {
    std::vector<std::string> compared;
    const auto shown = hash_value(text);
    const auto* const found = http::find_token(all, shown, [&](const auto& secret, const auto& by) {
      CHECK(by == shown);
      compared.push_back(secret.hex());
      return secret == by;
    });
    CAPTURE(text);
    CHECK(compared == std::vector{all[0].secret.hex(), all[1].secret.hex(), all[2].secret.hex()});
    CHECK((found != nullptr) == three().admit(text, scope::read).has_value());
  }
}

TEST_CASE("the text behind Bearer is taken whatever the case of that word") {
  CHECK(http::bearer_text("Bearer abc") == "abc");
  CHECK(http::bearer_text("bearer  abc") == "abc");
  CHECK(http::bearer_text("Basic abc").empty());
  CHECK(http::bearer_text("Bearer").empty());
  CHECK(http::bearer_text("Bearer ").empty());
  CHECK(http::bearer_text("").empty());
}
