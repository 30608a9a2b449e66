#include "protocols/wire/problem.hpp"

#include "protocols/wire/json_text.hpp"
#include "protocols/wire/status_code.hpp"

namespace keelson::wire {

std::string problem_text(const error& problem) {
  return problem_text(problem, status_of(problem.code));
}

std::string problem_text(const error& problem, unsigned status) {
  const errc code = shown_code(problem.code);
  json_object out;
  out.text("type", "about:blank");
  out.text("title", reason_phrase(status));
  out.number("status", status);
  out.text("detail", is_clean_utf8(problem.detail) ? problem.detail : std::string());
  out.text("code", to_string(code));
  if (problem.index >= 0) out.number("index", static_cast<std::uint64_t>(problem.index));
  if (problem.present_version > 0) {
    out.number("version", static_cast<std::uint64_t>(problem.present_version));
  } else if (problem.present_version == 0) {
    out.raw("version", "null");
  }
  if (!problem.oldest.empty()) out.text("oldest", problem.oldest);
  return std::move(out).finish();
}

}  // namespace keelson::wire
