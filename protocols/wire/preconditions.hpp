#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocols/messages/write_request.hpp"

namespace keelson::wire {

/// A version as an entity tag: the number between quotes.
[[nodiscard]] std::string etag(version of);

/// What If-Match and If-None-Match ask of a document that is to be written. A tag that no document
/// can have is a version that none has, so the write fails with 412. Lists of tags, and
/// If-None-Match with a version, are refused with invalid_parameter.
struct write_condition {
  messages::precondition what = messages::precondition::none;
  version expected;
  bool operator==(const write_condition&) const = default;
};
[[nodiscard]] result<write_condition> parse_write_condition(std::string_view if_match,
                                                            std::string_view if_none_match);

/// Whether a list of tags (or `*`) of a read names the version; 0 is no document. Weak comparison
/// (RFC 9110, 8.8.3.2). invalid_parameter if it is no list of tags.
[[nodiscard]] result<bool> names_version(std::string_view tags, version present);

}  // namespace keelson::wire
