#include "protocols/wire/problem.hpp"

#include <map>

#include <catch2/catch.hpp>

#include "protocols/wire/status_code.hpp"

using namespace keelson;

namespace {

std::vector<errc> all_codes() {
  std::vector<errc> codes;
  for (int i = 1; i <= static_cast<int>(errc::last_); ++i) codes.push_back(static_cast<errc>(i));
  return codes;
}

}  // namespace

TEST_CASE("every code has the status of the API's table") {
  const std::map<std::string_view, unsigned> table{{"invalid_json", 400},
                                                   {"number_out_of_range", 400},
                                                   {"invalid_key", 400},
                                                   {"invalid_collection", 400},
                                                   {"invalid_parameter", 400},
                                                   {"invalid_position", 400},
                                                   {"unauthenticated", 401},
                                                   {"forbidden", 403},
                                                   {"not_found", 404},
                                                   {"method_not_allowed", 405},
                                                   {"busy", 409},
                                                   {"superseded", 409},
                                                   {"confirmation_required", 409},
                                                   {"history_lost", 410},
                                                   {"precondition_failed", 412},
                                                   {"too_large", 413},
                                                   {"unsupported_media_type", 415},
                                                   {"idempotency_mismatch", 422},
                                                   {"too_many_requests", 429},
                                                   {"head_too_large", 431},
                                                   {"not_supported", 501},
                                                   {"overloaded", 503},
                                                   {"unavailable", 503},
                                                   {"outcome_unknown", 504},
                                                   {"position_not_reached", 504},
                                                   {"storage_full", 507},
                                                   {"internal", 500}};
  std::size_t shown = 0;
  for (const errc code : all_codes()) {
    const errc as_shown = wire::shown_code(code);
    const auto row = table.find(to_string(as_shown));
    CAPTURE(to_string(code));
    REQUIRE(row != table.end());
    CHECK(wire::status_of(code) == row->second);
    CHECK((row->second == 500 || wire::reason_phrase(row->second) != "Internal Server Error"));
    shown += as_shown == code ? 1 : 0;
  }
  CHECK(shown == table.size());
}

TEST_CASE("codes of the stores are unavailable to a client") {
  for (const errc code : {errc::store_io, errc::store_corrupt, errc::store_foreign,
                          errc::store_mismatch, errc::wrong_position, errc::fenced}) {
    CHECK(wire::shown_code(code) == errc::unavailable);
  }
}

TEST_CASE("a problem document names code, status and the members it has") {
  CHECK(wire::problem_text({.code = errc::not_found, .detail = "no \"such\" thing"}) ==
        R"({"type":"about:blank","title":"Not Found","status":404,)"
        R"("detail":"no \"such\" thing","code":"not_found"})");
  CHECK(
      wire::problem_text(
          {.code = errc::precondition_failed, .detail = "d", .index = 2, .present_version = 17}) ==
      R"({"type":"about:blank","title":"Precondition Failed","status":412,)"
      R"("detail":"d","code":"precondition_failed","index":2,"version":17})");
  CHECK(wire::problem_text(
            {.code = errc::precondition_failed, .detail = "d", .present_version = 0}) ==
        R"({"type":"about:blank","title":"Precondition Failed","status":412,)"
        R"("detail":"d","code":"precondition_failed","version":null})");
  CHECK(wire::problem_text({.code = errc::history_lost, .detail = "d", .oldest = "abcdefgh:7"}) ==
        R"({"type":"about:blank","title":"Gone","status":410,"detail":"d",)"
        R"("code":"history_lost","oldest":"abcdefgh:7"})");
}

TEST_CASE("a store's failure is shown as unavailable, and a detail that is no text is left out") {
  CHECK(wire::problem_text({.code = errc::store_io, .detail = "\xff"}) ==
        R"({"type":"about:blank","title":"Service Unavailable","status":503,"detail":"",)"
        R"("code":"unavailable"})");
}
