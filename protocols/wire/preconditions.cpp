#include "protocols/wire/preconditions.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

namespace keelson::wire {

namespace {

constexpr version no_documents_version{std::numeric_limits<std::uint64_t>::max()};

struct entity_tag {
  std::string_view opaque;
  bool weak = false;
};

void skip_white(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
}

/// The tags of a list (RFC 9110, 8.8.3); nothing if it is none.
std::optional<std::vector<entity_tag>> parse_tags(std::string_view text) {
  std::vector<entity_tag> tags;
  skip_white(text);
  while (!text.empty()) {
    entity_tag tag;
    if (text.starts_with("W/")) {
      tag.weak = true;
      text.remove_prefix(2);
    }
    const std::size_t end = text.find('"', 1);
    if (!text.starts_with('"') || end == text.npos) return std::nullopt;
    tag.opaque = text.substr(1, end - 1);
    tags.push_back(tag);
    text.remove_prefix(end + 1);
    skip_white(text);
    if (text.empty()) break;
    if (!text.starts_with(',')) return std::nullopt;
    text.remove_prefix(1);
    skip_white(text);
  }
  if (tags.empty()) return std::nullopt;
  return tags;
}

version version_of(std::string_view opaque) {
  version found;
  const char* const end = opaque.data() + opaque.size();
  const auto parsed = std::from_chars(opaque.data(), end, found.value);
  const bool canonical = parsed.ec == std::errc() && parsed.ptr == end && opaque.front() != '0';
  return canonical ? found : no_documents_version;
}

std::unexpected<error> not_tags() {
  return fail(errc::invalid_parameter,
              "If-Match and If-None-Match take * or versions between quotes, such as \"42\"");
}

}  // namespace

std::string etag(version of) {
  return '"' + std::to_string(of.value) + '"';
}

result<write_condition> parse_write_condition(std::string_view if_match,
                                              std::string_view if_none_match) {
  const bool matches = if_match.data() != nullptr;
  const bool matches_none = if_none_match.data() != nullptr;
  if (!matches && !matches_none) return write_condition{};
  if (matches && matches_none) {
    return fail(errc::invalid_parameter, "a write takes one of If-Match and If-None-Match");
  }
  if (if_match == "*") return write_condition{messages::precondition::exists, {}};
  if (if_none_match == "*") return write_condition{messages::precondition::missing, {}};
  if (matches_none) {
    return fail(errc::invalid_parameter, "a write takes no other If-None-Match than *");
  }
  const auto tags = parse_tags(if_match);
  if (!tags) return not_tags();
  if (tags->size() > 1) {
    return fail(errc::invalid_parameter, "a write takes one version in If-Match");
  }
  const entity_tag& tag = tags->front();
  return write_condition{messages::precondition::version_is,
                         tag.weak ? no_documents_version : version_of(tag.opaque)};
}

result<bool> names_version(std::string_view tags, version present) {
  if (tags == "*") return present != version{};
  const auto parsed = parse_tags(tags);
  if (!parsed) return not_tags();
  return std::ranges::any_of(
      *parsed, [&](const entity_tag& tag) { return version_of(tag.opaque) == present; });
}

}  // namespace keelson::wire
