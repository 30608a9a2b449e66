#include "protocols/client/console.hpp"

#include <algorithm>
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

exit_status report_usage(console& io, const error& why) {
  io.err << "keelson: " << why.detail << '\n';
  return exit_status::usage;
}

exit_status report_unreachable(console& io, std::string_view url, const error& why) {
  io.err << "keelson: cannot reach the service at " << url << ": " << why.detail << '\n';
  return exit_status::unreachable;
}

exit_status report_refusal(console& io, const http_response& answer) {
  const auto code = json_string_member(answer.body, "code");
  io.err << "keelson: " << (code.empty() ? "status " + std::to_string(answer.status) : code);
  const auto detail = json_string_member(answer.body, "detail");
  if (!detail.empty()) io.err << ": " << detail;
  if (const auto version = json_member(answer.body, "version"))
    io.err << " (present version " << *version << ')';
  if (const auto id = answer.field("X-Request-Id"); !id.empty())
    io.err << " [request " << id << ']';
  io.err << '\n';
  return exit_status::refused;
}

exit_status written(console& io, exit_status status) {
  io.out.flush();
  if (io.out) return status;
  io.err << "keelson: standard output does not take what is written\n";
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
