#include "protocols/client/batch_answer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>

#include "protocols/client/json_slice.hpp"
#include "protocols/model/error.hpp"

namespace keelson::client {

namespace {

using step = batch_verdict::step;

template <class Number>
std::optional<Number> to_number(std::string_view text) {
  Number number{};
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// 504 leaves the outcome open, 429, 503 and 507 say that nothing was done, and of 408, 500 and
/// 502 nothing is known: in each case the idempotency key makes it safe to ask again.
bool is_passing(int status) {
  static constexpr std::array passing{408, 429, 500, 502, 503, 504, 507};
  return std::ranges::find(passing, status) != passing.end();
}

/// Refusals that one operation of the batch brings on, and another need not.
bool is_about_one_operation(int status, std::string_view code) {
  static constexpr std::array codes{errc::invalid_json, errc::number_out_of_range,
                                    errc::invalid_key, errc::precondition_failed, errc::too_large};
  return std::ranges::any_of(codes, [&](errc known) { return to_string(known) == code; }) ||
         (code.empty() && status == 413);
}

}  // namespace

batch_verdict judge_batch_answer(const http_response& answer, std::size_t operations) {
  batch_verdict verdict;
  if (answer.status < 300) {
    verdict.next = step::done;
    return verdict;
  }
  verdict.code = json_string_member(answer.body, "code");
  verdict.detail = json_string_member(answer.body, "detail");
  if (is_passing(answer.status)) {
    verdict.next = step::again;
    verdict.retry_after_seconds = to_number<std::uint64_t>(answer.field("Retry-After")).value_or(0);
  } else if (is_about_one_operation(answer.status, verdict.code)) {
    const auto slice = json_member(answer.body, "index");
    const auto index = slice ? to_number<std::size_t>(*slice) : std::nullopt;
    const bool known = operations == 1 || (index && *index < operations);
    verdict.next = known ? step::drop_line : step::split;
    verdict.index = operations == 1 ? 0 : index.value_or(0);
  }
  if (verdict.code.empty()) verdict.code = "status " + std::to_string(answer.status);
  return verdict;
}

}  // namespace keelson::client
