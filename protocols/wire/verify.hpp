#pragma once

#include <string>
#include <string_view>

#include "protocols/messages/verification.hpp"

namespace keelson::wire {

/// `{"secondary"?,"collection"?}`; an empty body asks for everything.
[[nodiscard]] result<messages::verify_request> parse_verify(std::string_view body);

/// `{"id","state","progress","secondaries":[…],"differences":[…]}` as in api.md.
[[nodiscard]] std::string verify_report_text(const messages::verify_report& report);

/// `{"differences":[…],"next"}`; `next`, absent at the end, goes into `after`.
[[nodiscard]] std::string differences_text(const messages::differences_page& page,
                                           std::uint64_t after);

/// Appends `{"secondary","collection","key","kind","primary_version","secondary_version"}`; the
/// version of a missing document is null.
void append_difference(std::string& to, const messages::open_difference& difference);

/// The header of `?verify=wait`: `kv=equal, other=pending`.
[[nodiscard]] std::string consistency_text(const messages::comparisons& found);

}  // namespace keelson::wire
