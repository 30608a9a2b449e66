#include "protocols/bridge/caf_error.hpp"

#include <caf/error.hpp>
#include <caf/exit_reason.hpp>
#include <caf/sec.hpp>
#include <catch2/catch.hpp>

using namespace keelson;
using bridge::ask_kind;

TEST_CASE("whatever CAF says of a lost write, its outcome is unknown") {
  for (int i = 1; i <= static_cast<int>(caf::sec::bad_function_call); ++i) {
    const auto code = static_cast<caf::sec>(i);
    const error write = bridge::from_caf(caf::make_error(code), ask_kind::write);
    const error read = bridge::from_caf(caf::make_error(code), ask_kind::read);
    CAPTURE(i);
    if (code == caf::sec::unexpected_message || code == caf::sec::unexpected_response) {
      CHECK(write.code == errc::internal);
      CHECK(read.code == errc::internal);
      continue;
    }
    CHECK(read.code == errc::unavailable);
    const bool was_sent = code != caf::sec::invalid_argument;
    const error order = bridge::from_caf(caf::make_error(code), ask_kind::operation);
    CHECK(order.code == write.code);
    CHECK(write.code == (was_sent ? errc::outcome_unknown : errc::unavailable));
  }
}

TEST_CASE("an actor's normal end, which CAF gives as no error, is a lost answer too") {
  for (const caf::error& none : {caf::error(), caf::make_error(caf::exit_reason::kill)}) {
    CHECK(bridge::from_caf(none, ask_kind::write).code == errc::outcome_unknown);
    CHECK(bridge::from_caf(none, ask_kind::read).code == errc::unavailable);
  }
}
