#include "config/reports.hpp"

#include <array>
#include <sstream>

#include <catch2/catch.hpp>

using namespace keelson;
using namespace keelson::config;

namespace {

std::string printed(report_form form) {
  const std::array table{backends::drivers().front(), backends::driver{.scheme = "redis",
                                                                       .alias = "rediss",
                                                                       .package = "libhiredis-dev",
                                                                       .option = "KEELSON_REDIS"}};
  std::ostringstream out;
  print_backends(out, form, table);
  return out.str();
}

}  // namespace

TEST_CASE("a driver that is not in the build is listed with what it takes") {
  const auto text = printed(report_form::text);
  CHECK(text.starts_with("sqlite\tsqlite:"));
  CHECK(
      text.ends_with("\nredis\t-\t-\tnot in this build: install libhiredis-dev and build with "
                     "-DKEELSON_REDIS=ON\n"));
  const auto json = printed(report_form::json);
  CHECK(json.starts_with(R"({"scheme":"sqlite","in_build":true,"url":"sqlite:)"));
  CHECK(
      json.ends_with("\n"
                     R"({"scheme":"redis","alias":"rediss","in_build":false,)"
                     R"("package":"libhiredis-dev","option":"KEELSON_REDIS","capabilities":[]})"
                     "\n"));
}
