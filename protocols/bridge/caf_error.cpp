#include "protocols/bridge/caf_error.hpp"

#include <caf/atom.hpp>
#include <caf/error.hpp>
#include <caf/sec.hpp>

namespace keelson::bridge {

error lost_answer(ask_kind kind) {
  if (kind == ask_kind::write) {
    return {.code = errc::outcome_unknown,
            .detail =
                "the write was sent but not answered; it may have taken effect, and the same "
                "request with its Idempotency-Key settles it"};
  }
  if (kind == ask_kind::operation) {
    return {.code = errc::outcome_unknown,
            .detail =
                "the order was sent but not answered; /v1/status shows whether it has taken "
                "effect, and it may be given again"};
  }
  return {.code = errc::unavailable, .detail = "the part that answers this is not there now"};
}

error late_answer(ask_kind kind) {
  if (kind != ask_kind::read) return lost_answer(kind);
  return {.code = errc::unavailable, .detail = "no answer before the deadline"};
}

error from_caf(const caf::error& problem, ask_kind kind) {
  if (!problem || problem.category() != caf::atom("system")) return lost_answer(kind);
  switch (static_cast<caf::sec>(problem.code())) {
    case caf::sec::unexpected_message:
    case caf::sec::unexpected_response:
      return {.code = errc::internal, .detail = "an actor did not understand a message"};
    case caf::sec::invalid_argument:  // no receiver: nothing was sent
      return lost_answer(ask_kind::read);
    case caf::sec::request_timeout:
      return late_answer(kind);
    default:
      return lost_answer(kind);
  }
}

}  // namespace keelson::bridge
