#include "protocols/wire/operator.hpp"

#include "protocols/model/canonical_json.hpp"
#include "protocols/wire/canonical_slices.hpp"

namespace keelson::wire {

result<bool> parse_confirmation(std::string_view body) {
  if (body.empty()) return false;
  const auto canonical = canonicalise(body);
  if (!canonical) return std::unexpected(canonical.error());
  const auto members = object_members(*canonical);
  bool confirmed = false;
  bool right = members.has_value();
  if (right) {
    for (const member_slice& each : *members) {
      const bool is_flag = each.value.text == "true" || each.value.text == "false";
      right = right && each.name == "confirm" && is_flag;
      confirmed = each.value.text == "true";
    }
  }
  if (right) return confirmed;
  return fail(errc::invalid_parameter, "the body is an object with the boolean \"confirm\", or {}");
}

result<void> parse_nothing(std::string_view body) {
  if (body.empty()) return {};
  const auto canonical = canonicalise(body);
  if (!canonical) return std::unexpected(canonical.error());
  if (*canonical == "{}") return {};
  return fail(errc::invalid_parameter, "this takes no body, or {}");
}

}  // namespace keelson::wire
