#include "protocols/client/console.hpp"

#include <algorithm>
#include <array>
#include <ostream>

#include <boost/beast/core/string.hpp>

#include "protocols/client/commands.hpp"
#include "protocols/client/http_message.hpp"
#include "protocols/client/json_slice.hpp"
#include "protocols/model/canonical_json.hpp"

namespace keelson::client {

std::string_view http_response::field(std::string_view name) const noexcept {
  const auto found = std::ranges::find_if(
      fields, [&](const auto& field) { return boost::beast::iequals(field.first, name); });
  return found == fields.end() ? std::string_view() : std::string_view(found->second);
}

std::string painted(palette with, tone of, std::string_view text) {
  if (with == palette::plain) return std::string(text);
  const auto* const colour = of == tone::good      ? "\x1b[32m"
                             : of == tone::passing ? "\x1b[33m"
                                                   : "\x1b[31m";
  return std::string(colour).append(text).append("\x1b[0m");
}

tone tone_of_state(std::string_view state) noexcept {
  static constexpr std::array<std::string_view, 3> good{"serving", "live", "equal"};
  static constexpr std::array<std::string_view, 6> passing{"starting", "catching_up", "rebuilding",
                                                           "paused",   "running",     "pending"};
  if (std::ranges::find(good, state) != good.end()) return tone::good;
  return std::ranges::find(passing, state) != passing.end() ? tone::passing : tone::bad;
}

void complain(std::ostream& err, palette with, std::string_view why) {
  err << painted(with, tone::bad, "keelson:") << ' ' << why << '\n';
}

void complain(console& io, std::string_view why) {
  complain(io.err, io.err_palette, why);
}

exit_status report_usage(console& io, const error& why) {
  complain(io, why.detail);
  return exit_status::usage;
}

exit_status report_unreachable(console& io, std::string_view url, const error& why) {
  complain(io, "cannot reach the service at " + std::string(url) + ": " + why.detail);
  return exit_status::unreachable;
}

exit_status report_refusal(console& io, const http_response& answer) {
  const auto code = json_string_member(answer.body, "code");
  auto why = code.empty() ? "status " + std::to_string(answer.status) : code;
  const auto detail = json_string_member(answer.body, "detail");
  if (!detail.empty()) why += ": " + detail;
  if (const auto version = json_member(answer.body, "version"))
    why.append(" (present version ").append(*version).append(")");
  if (const auto id = answer.field("X-Request-Id"); !id.empty())
    why.append(" [request ").append(id).append("]");
  complain(io, why);
  return exit_status::refused;
}

exit_status written(console& io, exit_status status) {
  io.out.flush();
  if (io.out) return status;
  complain(io, "standard output does not take what is written");
  return exit_status::refused;
}

std::string column(std::string_view text) {
  const auto breaks = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (std::ranges::none_of(text, breaks)) return std::string(text);
  std::string quoted;
  append_json_string(quoted, text);
  return quoted;
}

std::string member_column(std::string_view object, std::string_view name) {
  const auto slice = json_member(object, name);
  if (!slice || *slice == "null") return "-";
  return column(json_string(*slice).value_or(std::string(*slice)));
}

}  // namespace keelson::client
