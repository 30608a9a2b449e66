#include "protocols/wire/status.hpp"

#include <catch2/catch.hpp>

using namespace keelson;
using namespace keelson::messages;

namespace {

wire::service_status healthy() {
  wire::service_status status{.version = "0.1.0", .uptime_seconds = 5};
  status.primary = primary_status{.url = "sqlite:primary.db",
                                  .state = component_state::serving,
                                  .capabilities = {"durable"},
                                  .log_id = "id",
                                  .at = {"abcdefgh", {9}},
                                  .oldest = {"abcdefgh", {0}},
                                  .documents = 3,
                                  .bytes = 30};
  status.secondaries.push_back(
      {"kv", secondary_status{.name = "kv", .url = "rocksdb:kv", .state = component_state::live}});
  return status;
}

}  // namespace

TEST_CASE("ready, degraded and unavailable") {
  auto status = healthy();
  CHECK(wire::is_ready(status));
  CHECK(wire::readyz_text(status) ==
        R"({"state":"ready","components":[{"name":"primary","state":"serving","reason":""},)"
        R"({"name":"kv","state":"live","reason":""},{"name":"validator","state":"serving",)"
        R"("reason":""},{"name":"feed","state":"serving","reason":""}]})");

  status.secondaries[0].answer->state = component_state::broken;
  status.secondaries[0].answer->reason = "not a folder";
  CHECK(wire::is_ready(status));
  CHECK(wire::readyz_text(status).starts_with(R"({"state":"degraded")"));
  CHECK(wire::readyz_text(status).find(R"("state":"broken","reason":"not a folder")") !=
        std::string::npos);

  status.secondaries[0].answer = fail(errc::unavailable, "no answer");
  CHECK(wire::readyz_text(status).find(R"("state":"unavailable","reason":"no answer")") !=
        std::string::npos);

  status.primary->state = component_state::broken;
  CHECK_FALSE(wire::is_ready(status));
  CHECK(wire::readyz_text(status).starts_with(R"({"state":"unavailable")"));
  status.primary = fail(errc::unavailable, "no answer");
  CHECK_FALSE(wire::is_ready(status));
}

TEST_CASE("every state but serving is not ready") {
  for (int i = 0; i <= static_cast<int>(component_state::stopped); ++i) {
    auto status = healthy();
    status.primary->state = static_cast<component_state>(i);
    CAPTURE(i);
    CHECK(wire::is_ready(status) == (status.primary->state == component_state::serving));
  }
}

TEST_CASE("the status has the members of the API") {
  auto status = healthy();
  status.primary->replaced.push_back(
      {.known = {{"abcdefgh", {90}}, {}}, .found = {{"abcdefgh", {80}}, {}}, .seen_by = "mark"});
  const std::string text = wire::status_text(status);
  CHECK(text.starts_with(
      R"({"version":"0.1.0","uptime_seconds":5,"log_id":"id","position":"abcdefgh:9",)"
      R"("oldest":"abcdefgh:0","primary":{"url":"sqlite:primary.db","state":"serving",)"
      R"("capabilities":["durable"],"documents":3,"bytes":30},"secondaries":[{"name":"kv",)"
      R"("url":"rocksdb:kv","state":"live","applied_position":null,"lag_changes":0,)"
      R"("lag_seconds":0,"last_error":null,"documents":0,"bytes":0}],"validator":{)"));
  CHECK(text.find(R"("history_replaced":{"known":"abcdefgh:90","found":"abcdefgh:80")") !=
        std::string::npos);
  CHECK(wire::status_text(healthy()).find("history_replaced") == std::string::npos);
}
