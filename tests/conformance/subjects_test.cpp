#include <algorithm>
#include <cstdlib>

#include "tests/conformance/trial.hpp"

using namespace keelson;
using namespace keelson::conformance;

TEST_CASE("every store of this build is tried, or it is said why not") {
  for (const auto* const engine : backends::engines()) {
    CAPTURE(engine->scheme);
    const bool tried = std::ranges::count(subjects(), engine->scheme, &subject::scheme) > 0;
    const bool said = std::ranges::any_of(left_out(), [&](const std::string& line) {
      return line.starts_with(std::string(engine->scheme) + ' ');
    });
    CHECK((tried || said));
  }
  for (const auto& line : left_out()) {
    if (std::getenv("KEELSON_TEST_ALL_STORES") != nullptr) FAIL_CHECK(line);
    WARN(line);
  }
}
